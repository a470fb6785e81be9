//go:build unix

package repl_test

import (
	"context"
	"os"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/repl"
	"lunawire/repl/lua"
)

// The prompt is tested over everything that the program ships. That stands outside of the package, for it imports it.
func init() {
	repl.RunPrompt = func(t *repl.Terminal, options repl.Options) error {
		plugins := append(all.Plugins(), faults(t))
		rt, err := bindings.New(bindings.Config{
			Plugins: plugins, Stdin: os.Stdin, Stdout: t, Stderr: t.Background(), ReadLine: t.ReadLine, Columns: t.Width,
		})
		if err != nil {
			return err
		}
		defer rt.Close()
		ctx, exit := context.WithCancelCause(context.Background())
		defer exit(nil)
		return repl.Run(ctx, t, lua.New(rt, plugins, exit), options)
	}
}

type plugin bindings.Module

func (p plugin) Module(*bindings.Runtime) bindings.Module { return bindings.Module(p) }

// faults are functions that do what a function must not do.
func faults(t *repl.Terminal) bindings.Plugin {
	return plugin{Doc: "Faults.", Funcs: []bindings.Func{
		{Name: "stuck", Doc: "Never returns and cannot be interrupted.", Go: func() { select {} }},
		{Name: "broken", Doc: "Panics where nobody recovers.", Go: func() {
			go func() {
				defer t.Guard()
				panic("on purpose")
			}()
		}},
	}}
}
