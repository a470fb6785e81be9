package sock

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// connections reads the tables below /proc/net, of this network namespace.
func connections(kind Kind) ([]Connection, error) { return inetTables(kind, "") }

// inetTables returns the rows that contain a text.
func inetTables(kind Kind, text string) ([]Connection, error) {
	name := map[Kind]string{Stream: "tcp", Dgram: "udp"}[kind]
	if name == "" {
		return nil, ErrNotTold
	}
	var all []Connection
	for _, path := range []string{"/proc/net/" + name, "/proc/net/" + name + "6"} {
		rows, err := readTable(path, kind, text, inetRow)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// readTable reads the rows of one table that contain a text, without its heading. A
// table that is not there is one of a family that this kernel has not.
func readTable(path string, kind Kind, text string, row func(fields []string) (Connection, bool)) ([]Connection, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []Connection
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), bytesOf(text)) {
			continue
		}
		if c, ok := row(strings.Fields(lines.Text())); ok {
			c.Kind = kind
			rows = append(rows, c)
		}
	}
	return rows, lines.Err()
}

// inetRow reads "0: 0100007F:1F90 00000000:0000 0A ... uid timeout inode ...".
func inetRow(fields []string) (c Connection, ok bool) {
	if len(fields) < 10 {
		return c, false
	}
	var peer Addr
	if c.Local, ok = hexAddr(fields[1]); !ok {
		return c, false
	}
	if peer, ok = hexAddr(fields[2]); !ok {
		return c, false
	}
	if peer.Port() != 0 {
		c.Peer = peer
	}
	state, err := strconv.ParseUint(fields[3], 16, 8)
	if err != nil {
		return c, false
	}
	c.State = State(state)
	const newSynReceived = 12 // a connection that has no socket yet
	if c.State == newSynReceived {
		c.State = SynReceived
	}
	c.UID, _ = strconv.Atoi(fields[7])
	c.inode, _ = strconv.ParseUint(fields[9], 10, 64)
	return c, true
}

// hexAddr reads an address that the kernel wrote word by word, each in the byte
// order of the machine, and the port as a number.
func hexAddr(text string) (Addr, bool) {
	host, port, _ := strings.Cut(text, ":")
	words, err := hex.DecodeString(host)
	if err != nil || len(words)%4 != 0 {
		return Addr{}, false
	}
	for i := 0; i < len(words); i += 4 {
		binary.NativeEndian.PutUint32(words[i:], binary.BigEndian.Uint32(words[i:]))
	}
	ip, ok := netip.AddrFromSlice(words)
	number, err := strconv.ParseUint(port, 16, 16)
	return InetAddr(ip, uint16(number)), ok && err == nil
}

func portHolders(kind Kind, addr Addr) ([]Holder, error) {
	if addr.Family() == Unix {
		return pathHolders(kind, addr)
	}
	// A busy host has tens of thousands of rows: only those with the port are read.
	rows, err := inetTables(kind, fmt.Sprintf(":%04X ", addr.Port()))
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(c Connection) bool { return !inTheWay(c.Local, addr) })
	return holders(rows), nil
}

// inTheWay reports whether two sockets with these addresses compete for a port.
func inTheWay(a, b Addr) bool {
	x, y := a.IP().Unmap().WithZone(""), b.IP().Unmap().WithZone("")
	if a.Port() != b.Port() {
		return false
	}
	return x == y || x.IsUnspecified() && (x.Is6() || y.Is4()) || y.IsUnspecified() && (y.Is6() || x.Is4())
}

// pathHolders looks for "Num RefCount Protocol Flags Type St Inode Path".
func pathHolders(kind Kind, addr Addr) ([]Holder, error) {
	rows, err := readTable("/proc/net/unix", kind, "", func(fields []string) (c Connection, ok bool) {
		if len(fields) < 8 || UnixAddr(strings.Join(fields[7:], " ")) != addr {
			return c, false
		}
		number, err := strconv.ParseUint(fields[4], 16, 16)
		c.Local = addr
		c.inode, _ = strconv.ParseUint(fields[6], 10, 64)
		return c, err == nil && int(number) == kind.Number()
	})
	if err != nil {
		return nil, err
	}
	return holders(rows), nil
}

// holders finds the processes of the rows and puts those that matter most first.
func holders(rows []Connection) []Holder {
	list := make([]Holder, len(rows))
	byInode := map[string]*Holder{}
	for i, c := range rows {
		list[i].Connection = c
		if c.inode != 0 {
			byInode["socket:["+strconv.FormatUint(c.inode, 10)+"]"] = &list[i]
		}
	}
	if len(byInode) > 0 {
		findOwners(byInode)
	}
	rank := func(h Holder) int {
		switch h.State {
		case Listening:
			return 0
		case TimeWait:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b Holder) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// findOwners looks through the descriptors of all processes that may be looked at.
func findOwners(byInode map[string]*Holder) {
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	left := len(byInode)
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || left == 0 {
			continue
		}
		dir := "/proc/" + p.Name()
		fds, err := os.ReadDir(dir + "/fd")
		if err != nil {
			continue
		}
		for _, fd := range fds {
			target, _ := os.Readlink(dir + "/fd/" + fd.Name())
			if h := byInode[target]; h != nil && h.PID == 0 {
				h.PID, h.Program = pid, programName(dir)
				left--
			}
		}
	}
}

func programName(dir string) string {
	name, err := os.ReadFile(dir + "/comm")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}
