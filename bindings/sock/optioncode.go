package sock

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// How the values of options look as the bytes of C.

// encodeOption returns the bytes of a value of the kind that o wants.
func encodeOption(o Option, value any) ([]byte, syscall.Errno) {
	switch v := value.(type) {
	case bool:
		if o.Kind == OptionBool || o.Kind == OptionInt {
			return intBytes(number(v)), 0
		}
	case int:
		switch o.Kind {
		case OptionBool, OptionInt:
			return intBytes(v), 0
		case OptionInterface:
			return encodeInterface(o, strconv.Itoa(v))
		}
	case time.Duration:
		if o.Kind == OptionTime && v >= 0 {
			micros := v.Microseconds()
			return words(micros/microsPerSecond, micros%microsPerSecond), 0
		}
	case Linger:
		if o.Kind == OptionLinger {
			return append(intBytes(number(v.On)), intBytes(v.Seconds)...), 0
		}
	case string:
		return encodeText(o, v)
	case netip.Addr:
		if o.Kind == OptionInterface && v.Is4() && !isIPv6(o) {
			return v.AsSlice(), 0
		}
	case Membership:
		if o.Kind == OptionMembership {
			return encodeMembership(o, v)
		}
	case SourceMembership:
		if o.Kind == OptionSource && v.Group.Is4() && v.Local.Is4() && v.Source.Is4() {
			return encodeSource(v), 0
		}
	}
	return nil, syscall.EINVAL
}

func encodeText(o Option, v string) ([]byte, syscall.Errno) {
	switch o.Kind {
	case OptionText, OptionBytes:
		return []byte(v), 0
	case OptionInterface:
		if ip, err := netip.ParseAddr(v); err == nil && ip.Is4() && !isIPv6(o) {
			return ip.AsSlice(), 0
		}
		return encodeInterface(o, v)
	}
	return nil, syscall.EINVAL
}

// encodeInterface returns an int for IPv6 and struct ip_mreqn for IPv4.
func encodeInterface(o Option, name string) ([]byte, syscall.Errno) {
	index, err := zoneID(name)
	if err != nil {
		return nil, syscall.ENODEV
	}
	if isIPv6(o) {
		return intBytes(index), 0
	}
	return append(make([]byte, 8), intBytes(index)...), 0
}

// encodeMembership returns struct ip_mreqn or struct ipv6_mreq.
func encodeMembership(o Option, m Membership) ([]byte, syscall.Errno) {
	index, err := zoneID(m.Interface)
	switch {
	case err != nil:
		return nil, syscall.ENODEV
	case isIPv6(o) != m.Group.Is6(), m.Local.IsValid() && (isIPv6(o) || !m.Local.Is4()):
		return nil, syscall.EINVAL
	case isIPv6(o):
		return append(m.Group.AsSlice(), intBytes(index)...), 0
	}
	local := netip.IPv4Unspecified()
	if m.Local.IsValid() {
		local = m.Local
	}
	return append(append(m.Group.AsSlice(), local.AsSlice()...), intBytes(index)...), 0
}

func encodeSource(m SourceMembership) []byte {
	group, local, source := m.Group.AsSlice(), m.Local.AsSlice(), m.Source.AsSlice()
	if sourceBeforeLocal {
		local, source = source, local
	}
	return append(append(group, local...), source...)
}

// decodeOption returns the value in the bytes that the system gave for o.
func decodeOption(o Option, raw []byte) any {
	switch o.Kind {
	case OptionBool:
		return intOf(raw) != 0
	case OptionInt:
		return intOf(raw)
	case OptionTime:
		return decodeTime(raw)
	case OptionLinger:
		if len(raw) == 8 {
			return Linger{On: intOf(raw[:4]) != 0, Seconds: intOf(raw[4:])}
		}
	case OptionInterface:
		if ip, ok := netip.AddrFromSlice(raw); ok && ip.Is4() && !isIPv6(o) {
			return ip
		}
		return intOf(raw)
	case OptionText:
		text, _, _ := strings.Cut(string(raw), "\x00")
		return text
	case OptionPeer:
		if len(raw) == 12 {
			return PeerCredentials{PID: intOf(raw[:4]), UID: intOf(raw[4:8]), GID: intOf(raw[8:])}
		}
	}
	return string(raw)
}

func decodeTime(raw []byte) time.Duration {
	half := len(raw) / 2
	return time.Duration(wordOf(raw[:half]))*time.Second + time.Duration(wordOf(raw[half:]))*time.Microsecond
}

func isIPv6(o Option) bool { return strings.HasPrefix(o.Name, "IPV6_") }

func optionName(level, number int) string {
	if o, ok := OptionAt(level, number); ok {
		return o.Name
	}
	return strconv.Itoa(level) + ":" + strconv.Itoa(number)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func intBytes(n int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }

// intOf reads a C int, or the single byte that some systems give instead.
func intOf(raw []byte) int {
	switch len(raw) {
	case 4:
		return int(int32(binary.NativeEndian.Uint32(raw)))
	case 1:
		return int(raw[0])
	}
	return int(wordOf(raw))
}

// words returns C longs.
func words(list ...int64) (raw []byte) {
	for _, n := range list {
		if strconv.IntSize == 64 {
			raw = binary.NativeEndian.AppendUint64(raw, uint64(n))
		} else {
			raw = binary.NativeEndian.AppendUint32(raw, uint32(n))
		}
	}
	return raw
}

func wordOf(raw []byte) int64 {
	switch len(raw) {
	case 8:
		return int64(binary.NativeEndian.Uint64(raw))
	case 4:
		return int64(int32(binary.NativeEndian.Uint32(raw)))
	}
	return 0
}
