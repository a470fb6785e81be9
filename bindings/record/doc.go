// Package record keeps the timeline: the one place that knows what happened.
//
// A [Timeline] holds one [Event] for every socket call, state change, socket
// opened or closed, task started or ended, and note; packets of a capture and
// decoded protocol messages have kinds of their own and join the same stream.
// Everything that shows what a program did (trace lines, ladders, files) is a
// view of it and reads it through [Timeline.Since], [Timeline.Recording] or a
// [Subscription].
//
// Recording is always on, so it is made to cost little: a call is copied into
// a page of a ring under one short lock, its bytes up to a limit into the
// page's own buffer, and a full ring reuses its oldest page. Nothing is
// allocated once the ring has turned. What is dropped is counted and told.
//
// The timeline owns the identities: [Timeline.Open] numbers sockets 1, 2, 3 in
// the order of their making. The owner of the sockets keeps the returned
// [Socket] and hands it in with each [Call]. Tasks are numbered by their owner.
//
// TCP states are inferred from the calls (see [State]); where the owner asked
// the kernel, it passes the answer in [Call.Kernel] and that wins.
//
// A Timeline is safe for use by many goroutines and has no goroutine of its
// own, so there is nothing to close.
package record
