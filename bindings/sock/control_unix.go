//go:build linux || darwin

package sock

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// parseControl takes control data apart and closes descriptors that lie in it.
func parseControl(b []byte) []Control {
	parts, err := unix.ParseSocketControlMessage(b)
	if err != nil {
		return nil
	}
	var list []Control
	for _, part := range parts {
		if part.Header.Level == unix.SOL_SOCKET && part.Header.Type == unix.SCM_RIGHTS {
			closeRights(&part)
			continue
		}
		list = append(list, Control{Level: int(part.Header.Level), Type: int(part.Header.Type), Data: string(part.Data)})
	}
	return list
}

func closeRights(part *unix.SocketControlMessage) {
	fds, err := unix.ParseUnixRights(part)
	if err != nil {
		return
	}
	for _, fd := range fds {
		unix.Close(fd)
	}
}

// formatControl puts control data together as the system wants it.
func formatControl(list []Control) []byte {
	var b []byte
	for _, c := range list {
		part := make([]byte, unix.CmsgSpace(len(c.Data)))
		h := (*unix.Cmsghdr)(unsafe.Pointer(unsafe.SliceData(part)))
		h.Level, h.Type = int32(c.Level), int32(c.Type)
		h.SetLen(unix.CmsgLen(len(c.Data)))
		copy(part[unix.CmsgLen(0):], c.Data)
		b = append(b, part...)
	}
	return b
}
