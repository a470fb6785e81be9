package fs_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/fs"
	"lunawire/bindings/task"
)

// run runs a script in an empty current folder and gives what it prints.
func run(t *testing.T, script string) string {
	t.Helper()
	var out strings.Builder
	rt, err := bindings.New(bindings.Config{Plugins: []bindings.Plugin{fs.Plugin, task.Plugin{}}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := rt.Run(ctx, "test.lua", script); err != nil {
		t.Fatalf("%s\n%s", rt.Describe(err).Text(), out.String())
	}
	return out.String()
}

// expect runs a script and compares what it prints.
func expect(t *testing.T, script, want string) {
	t.Helper()
	if got := run(t, script); got != want {
		t.Errorf("got\n%s\nwant\n%s\nfrom %s", got, want, script)
	}
}

func TestAFolderIsCreatedAndItsFilesAreWrittenReadAndListed(t *testing.T) {
	t.Chdir(t.TempDir())
	expect(t, `
local d = fs.dir("下载")
print(d:exists(), d:create(), d:create(), d:exists())
d:write("你好.txt", "内容")
d:mkdir("sub")
d:write("sub/b", "\0\255")
print(d:read("你好.txt"), #d:read("sub/b"))
print(table.concat(d:list(), " "), table.concat(d:list("sub"), " "))
d:rename("你好.txt", "a.txt")
print(d:exists("你好.txt"), d:exists("a.txt"), d:exists("sub"), d:exists("a.txt/x"))
print(d:stat("a.txt").size, d:stat("a.txt").kind, d:stat("sub").kind, d:stat("a.txt").modified > 1e9)
d:remove("sub/b") d:remove("sub") d:remove("a.txt")
print(#d:list())
d:remove()
print(d:exists(), d:create())
d:write("again", "")
print(d:read("again") == "")
`, "false\ttrue\tfalse\ttrue\n内容\t2\nsub 你好.txt\tb\nfalse\ttrue\ttrue\tfalse\n6\tfile\tfolder\ttrue\n0\nfalse\ttrue\ntrue\n")
}

func TestAFileIsReadInEveryWay(t *testing.T) {
	t.Chdir(t.TempDir())
	expect(t, `
local d = fs.dir(".")
d:write("f", "one\ntwo\r\n\nlast")
local f = d:open("f")
print(f.name, f:size(), f:tell(), f:read(3), f:tell())
print(f:readline() == "", f:readline() == "two\r", f:readline() == "", f:readline(), f:readline())
print(f:read(1), f:read() == "", f:readall() == "", f:read(0))
print(f:seek(4), f:read(3), f:seek("end", -4), f:read(2^40), f:seek("set"), f:seek(-1, 2), f:read())
f:seek(0)
print(f:readline(), table.concat(f:lines(), "|") == "two\r||last", #f:lines())
f:close() f:close()
print(f, pcall(f.read, f, 1))
`, "f\t14\t0\tone\t3\ntrue\ttrue\ttrue\tlast\tnil\nnil\ttrue\ttrue\t\n4\ttwo\t10\tlast\t0\t13\tt\none\ttrue\t0\n"+
		"<file f closed>\tfalse\tread f: it is closed (EBADF)\n")
}

func TestModesAreThoseOfPython(t *testing.T) {
	t.Chdir(t.TempDir())
	expect(t, `
local d = fs.dir(".")
local function put(mode, data) return with(d:open("f", mode), function(f) return f:write(data, "!") end) end
print(put("w", "abc"), d:read("f"))
print(put("ab", "d"), d:read("f"))
print(with(d:open("f", "r+"), function(f) local a = f:readline() f:seek(0) f:write("AB") return a, f:readline() end))
print(with(d:open("f", "w+"), function(f) f:write("x\ny") f:seek(0) f:readline() f:write("Z") f:seek(0) return f:readall() end))
print(pcall(d.open, d, "f", "x"))
print(select(2, pcall(function() d:open("f", "w"):read(1) end)).hint)
print(select(2, pcall(d.open, d, "f", "q")).message)
`, "4\tabc!\n2\tabc!d!\nabc!d!\tc!d!\nx\nZ\nfalse\topen f: file exists (EEXIST)\nthe file was opened with the mode \"w\"\n"+
		"usage: dir:open(name, mode?) (mode: no mode \"q\"; there is r, w, a, x, each also with + and b)\n")
}

func TestANameCannotLeaveTheFolder(t *testing.T) {
	base := t.TempDir()
	t.Chdir(base)
	for path, data := range map[string]string{"secret": "s", "inside/file": "f"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"out": "../secret", "updir": "..", "absolute": filepath.Join(base, "secret"), "in": "file"} {
		if err := os.Symlink(to, filepath.Join("inside", link)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	expect(t, `
local d = fs.dir("inside")
print(d:read("in"), d:read("./file"))
for _, name in ipairs{"../secret", "sub/../../secret", "/etc/passwd", "..", "out", "updir/secret", "absolute"} do
  for _, call in ipairs{"open", "read", "stat", "exists", "list"} do
    local ok, err = pcall(d[call], d, name)
    if ok or err.code ~= "OutsideFolder" then print("passed", call, name, ok, err) end
  end
  if pcall(d.write, d, name, "x") then print("passed write", name) end
  if name:find("/") and pcall(d.rename, d, name, "x") then print("passed rename", name) end
  if name:find("/") and pcall(d.rename, d, "file", name) then print("passed rename to", name) end
end
print(select(2, pcall(d.read, d, "../secret")))
print(select(2, pcall(d.read, d, "")))
print(select(2, pcall(d.read, d, "a\0b")))
print(select(2, pcall(d.read, d, "a\nb\27[31m")))
`, `f	f
read ../secret: the name leads out of the folder (OutsideFolder)
read: the name is empty (EINVAL)
read "a\x00b": a name can't contain a zero byte (EINVAL)
read "a\nb\x1b[31m": no such file or directory (ENOENT)
`)
	if data, err := os.ReadFile("secret"); string(data) != "s" || err != nil {
		t.Errorf("the file outside is %q, %v, want s", data, err)
	}
}

func TestAMissingFolderSaysHowToCreateIt(t *testing.T) {
	t.Chdir(t.TempDir())
	expect(t, `
local d = fs.dir("missing")
local ok, err = pcall(d.read, d, "x")
print(ok, err, err.hint)
print(d:exists("x"), fs.dir("made", {create = true}):exists())
`, "false\tread x: the folder is not there (ENOENT)\tdir:create() makes it\nfalse\ttrue\n")
}

func TestAFolderOutlivesATaskThatUsedItFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	expect(t, `
local d = fs.dir("x", {create = true})
local t = task.spawn(function() d:write("f", "data") error("gone", 0) end)
print(pcall(t.join, t))
print(d:read("f"))
`, "false\tgone\ndata\n")
}

func TestFilesEndWithTheRun(t *testing.T) {
	t.Chdir(t.TempDir())
	before := descriptors(t)
	run(t, `
local d = fs.dir("x", {create = true})
for i = 1, 20 do d:open("f" .. i, "w"):write("data") end
`)
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors after the run, %d before", after, before)
	}
}

// descriptors counts the open descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc to count descriptors in")
	}
	return len(list)
}
