// Package sock makes the Berkeley socket calls, one by one, under a context.
//
// A [Socket] is a descriptor of the operating system. Each method is the system
// call of that name with the arguments given, at that moment: nothing is set
// behind the caller's back, no call is folded into another, and the counts and
// errors are the system's own. What the package adds is waiting. A call that
// cannot be served at once parks its goroutine on Go's network poller, not a
// thread, and obeys a context meanwhile:
//
//   - a context that is cancelled before the call makes no system call at all;
//   - a deadline is asked for only when the call would block; one in the past
//     means "poll": one try, then [os.ErrDeadlineExceeded];
//   - a cancel or a deadline never loses data: either the call has its result,
//     and returns it, or the system still has the data;
//   - a context that is a [Canceler] costs neither a goroutine nor memory.
//
// Errors are of five sorts: [io.EOF] at the end of a stream,
// [os.ErrDeadlineExceeded], the cause of a cancel, a [*LookupError] of a lookup,
// and for everything else an [*Error] that holds the error number of the system.
//
// The owner of a Socket is whoever opened or accepted it. There is no finaliser
// to rely on: the owner calls [Socket.Close], from any goroutine, at any time;
// calls that wait on the socket then fail with EBADF. All methods may be called
// at the same time. Each direction serves one call after the other.
//
// A descriptor is handed to the network poller when it first has to wait, so a
// socket that never waits is never registered.
package sock
