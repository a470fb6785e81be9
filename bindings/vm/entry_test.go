package vm_test

import (
	"slices"
	"strings"
	"testing"

	"lunawire/bindings/vm"
)

// entries runs entries of one prompt and returns what they printed; an error
// ends its entry and is printed too.
func entries(t *testing.T, list ...string) string {
	t.Helper()
	var out strings.Builder
	machine := vm.New(vm.Options{Stdout: &out})
	defer machine.Close()
	var locals vm.Locals
	main := machine.Main()
	main.Lock()
	defer main.Unlock()
	for _, source := range list {
		fn, err := machine.LoadEntry("entry", source, &locals)
		if err == nil {
			_, err = main.Call(fn)
		}
		if err != nil {
			out.WriteString(err.Error() + "\n")
		}
	}
	return out.String()
}

func TestLocalVariablesStayForTheNextEntries(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []string
		want    string
	}{
		{"one", []string{"local x = 1", "print(x)"}, "1"},
		{"several", []string{"local a, b, c = 1, nil, 3", "print(a, b, c)"}, "1 nil 3"},
		{"without a value", []string{"x = 'global'; local x", "print(x, _G.x)"}, "nil global"},
		{"assigned to", []string{"local x = 1", "x = x + 1", "print(x, _G.x)"}, "2 nil"},
		{"a recursive function", []string{"local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end", "print(f(5))"}, "5"},
		{"shared with a function", []string{"local n = 0; function count() n = n + 1 return n end", "count() n = n + 10", "print(count(), n)"}, "12 12"},
		{"shared with a later function", []string{"local n = 1", "function get() return n end", "n = 5", "print(get())"}, "5"},
		{"declared again", []string{"local x = 1; function old() return x end", "local x = 2", "print(old(), x)"}, "1 2"},
		{"declared twice in an entry", []string{"local x = 1; function old() return x end; local x = x + 1", "print(old(), x)"}, "1 2"},
		{"declared in terms of itself", []string{"local x = 1", "local x = x + 1", "print(x)"}, "2"},
		{"of a block", []string{"do local x = 1 end", "print(x)"}, "nil"},
		{"of a loop by goto", []string{"::again:: local i = (i or 0) + 1; if i < 0 then goto again end", "print(i)"}, "1"},
		{"before a return", []string{"local x = 1 return x", "print(x)"}, "1"},
		{"before an error", []string{"local x = 1; error('no', 0); local y = 2", "print(x, y)"}, "no 1 nil"},
		{"that hide a global", []string{"local print2 = print; local print = nil", "print2(print, _G.print ~= nil)"}, "nil true"},
		{"in a coroutine", []string{"local x = 1; co = coroutine.wrap(function() x = x + 1 coroutine.yield() x = x + 1 end) co()", "co() print(x)"}, "3"},
		{"and the global arg", []string{"arg = {'a'}", "print(arg[1])"}, "a"},
		{"of the rest of the arguments", []string{"local a, b = ...", "print(a, b)"}, "nil nil"},
		{"with the line of an error", []string{"local x = {}\n\nlocal y = 1\nx.y.z = 2"}, "entry:4: attempt to index a nil value (field 'y')"},
		{"with the line of a call", []string{"local x = 1\nlocal y =\n  nil + 1"}, "entry:3: attempt to perform arithmetic on a nil value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(strings.Fields(entries(t, c.entries...)), " "); got != c.want {
				t.Errorf("got %q, want %q: %q", got, c.want, c.entries)
			}
		})
	}
}

func TestAPromptMayHaveMoreLocalVariablesThanAFunction(t *testing.T) {
	var list []string
	for i := range 1000 {
		list = append(list, "local v"+strings.Repeat("i", i)+" = "+"1")
	}
	if got := entries(t, append(list, "print(v, viii)")...); got != "1\t1\n" {
		t.Errorf("got %q", got)
	}
}

func TestKeywordsAreThoseOfTheLanguage(t *testing.T) {
	want := strings.Fields("and break do else elseif end false for function goto if in local nil not or repeat return then true until while")
	if got := slices.Sorted(slices.Values(vm.Keywords())); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestLockUntilGivesUpInTime(t *testing.T) {
	machine := vm.New(vm.Options{})
	defer machine.Close()
	holder, waiter, other := machine.Main(), machine.NewThread(nil), machine.NewThread(nil)
	holder.Lock()
	over := make(chan struct{})
	close(over)
	if waiter.LockUntil(over) {
		t.Fatal("got a lock that another thread holds")
	}
	queued := make(chan bool)
	go func() { queued <- other.LockUntil(make(chan struct{})) }()
	holder.Unlock()
	if !<-queued {
		t.Fatal("gave up without having to")
	}
	other.Unlock()
	if !waiter.LockUntil(over) {
		t.Fatal("did not get a free lock")
	}
	waiter.Unlock()
}
