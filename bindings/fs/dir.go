package fs

import (
	"context"
	"errors"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"lunawire/bindings"
)

// A Dir is a folder that a script has named. Several tasks may use it; it
// belongs to the one that named it, whichever is the first to open something.
type Dir struct {
	bindings.Object
	path  string // absolute
	owner *bindings.Task

	mu     sync.Mutex
	root   *os.Root // opened when it is first needed
	closed bool
}

type dirOptions struct {
	Create bindings.Opt[bool] `lua:"create"`
}

func openDir(ctx context.Context, path string, opts dirOptions) (*Dir, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, bindings.BadArgument("path", "%q is no path", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, failed("dir", path, err)
	}
	d := &Dir{path: absolute, owner: bindings.TaskOf(ctx)}
	if opts.Create.Or(false) {
		if _, err := d.create(ctx); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// String is the path of the folder.
func (d *Dir) String() string { return d.path }

// Close closes the folder.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.release()
}

// release closes the descriptor, if there is one. The caller holds mu.
func (d *Dir) release() error {
	if d.root == nil {
		return nil
	}
	root := d.root
	d.root = nil
	d.owner.Runtime().Drop(d)
	return failed("close", d.path, root.Close())
}

// opened is the folder's root, opened if it is not yet.
func (d *Dir) opened() (*os.Root, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errClosed
	}
	if d.root != nil {
		return d.root, nil
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, &folderError{err}
	}
	d.owner.Keep(d)
	d.root = root
	return root, nil
}

// inside runs fn on a name that stays in the folder.
func (d *Dir) inside(op, name string, fn func(*os.Root) error) error {
	if err := check(name); err != nil {
		return failed(op, name, err)
	}
	root, err := d.opened()
	if err != nil {
		return failed(op, name, err)
	}
	return failed(op, name, fn(root))
}

// check refuses names that do not stay in a folder, whatever is in it.
func check(name string) error {
	switch {
	case name == "":
		return errEmptyName
	case strings.ContainsRune(name, 0):
		return errZeroByte
	case !filepath.IsLocal(name):
		return errOutside
	}
	return nil
}

func (d *Dir) open(ctx context.Context, name string, mode bindings.Opt[string]) (*File, error) {
	m := mode.Or("r")
	flags, ok := modes[strings.ReplaceAll(m, "b", "")]
	if !ok || strings.Count(m, "b") > 1 {
		return nil, bindings.BadArgument("mode", "no mode %q; there is r, w, a, x, each also with + and b", m)
	}
	var file *os.File
	err := d.inside("open", name, func(root *os.Root) (err error) {
		file, err = openRegular(root, name, flags)
		return err
	})
	if err != nil {
		return nil, err
	}
	task := bindings.TaskOf(ctx)
	f := newFile(file, name, m)
	f.drop = func() { task.Runtime().Drop(f) }
	task.Keep(f)
	return f, nil
}

var modes = map[string]int{
	"r": os.O_RDONLY, "r+": os.O_RDWR,
	"w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC,
	"a": os.O_WRONLY | os.O_CREATE | os.O_APPEND, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	"x": os.O_WRONLY | os.O_CREATE | os.O_EXCL, "x+": os.O_RDWR | os.O_CREATE | os.O_EXCL,
}

// openRegular opens a regular file. Opening a pipe could wait for ever and
// opening a device do anything, so it looks first; and as the name may stand
// for something else a moment later, it opens without waiting and looks again.
func openRegular(root *os.Root, name string, flags int) (*os.File, error) {
	if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular(info.Mode())
	}
	file, err := root.OpenFile(name, flags|openWithoutWaiting, 0o666)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(info.Mode())
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (d *Dir) read(ctx context.Context, name string) (data string, err error) {
	err = d.inside("read", name, func(root *os.Root) error {
		file, err := openRegular(root, name, os.O_RDONLY)
		if err != nil {
			return err
		}
		defer file.Close()
		data, err = newFile(file, name, "r").rest(ctx)
		return err
	})
	return data, err
}

func (d *Dir) write(ctx context.Context, name, data string) error {
	return d.inside("write", name, func(root *os.Root) error {
		file, err := openRegular(root, name, modes["w"])
		if err != nil {
			return err
		}
		_, err = newFile(file, name, "w").put(ctx, data)
		return errors.Join(err, file.Close())
	})
}

func (d *Dir) list(_ context.Context, folder bindings.Opt[string]) ([]string, error) {
	names := []string{}
	name := folder.Or(".")
	err := d.inside("list", name, func(root *os.Root) error {
		entries, err := iofs.ReadDir(root.FS(), filepath.ToSlash(filepath.Clean(name)))
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return err
	})
	return names, err
}

func (d *Dir) exists(ctx context.Context, name bindings.Opt[string]) (bool, error) {
	if !name.Set {
		info, err := os.Stat(d.path)
		return err == nil && info.IsDir(), nil
	}
	_, err := d.stat(ctx, name.Value)
	if errors.Is(err, iofs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	return err == nil, err
}

func (d *Dir) create(_ context.Context) (bool, error) {
	if info, err := os.Stat(d.path); err == nil && info.IsDir() {
		return false, nil
	}
	if err := os.MkdirAll(d.path, 0o777); err != nil {
		return false, failed("create", d.path, err)
	}
	return true, nil
}

func (d *Dir) mkdir(_ context.Context, name string) error {
	return d.inside("mkdir", name, func(root *os.Root) error { return root.Mkdir(name, 0o777) })
}

func (d *Dir) remove(_ context.Context, name bindings.Opt[string]) error {
	if !name.Set {
		return d.removeFolder()
	}
	return d.inside("remove", name.Value, func(root *os.Root) error { return root.Remove(name.Value) })
}

// removeFolder removes the folder itself; create can make it again.
func (d *Dir) removeFolder() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return failed("remove", d.path, errors.Join(d.release(), os.Remove(d.path)))
}

func (d *Dir) rename(_ context.Context, from, to string) error {
	if err := check(to); err != nil {
		return failed("rename", to, err)
	}
	return d.inside("rename", from, func(root *os.Root) error { return root.Rename(from, to) })
}

// Info is what stat tells.
type Info struct {
	Size     int64   `lua:"size"`
	Modified float64 `lua:"modified"`
	Kind     string  `lua:"kind"`
}

func (d *Dir) stat(_ context.Context, name string) (Info, error) {
	var info iofs.FileInfo
	err := d.inside("stat", name, func(root *os.Root) (err error) {
		info, err = root.Stat(name)
		return err
	})
	if err != nil {
		return Info{}, err
	}
	return Info{Size: info.Size(), Modified: float64(info.ModTime().UnixMilli()) / 1000, Kind: kindOf(info.Mode())}, nil
}

func kindOf(mode iofs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "folder"
	}
	return "other"
}
