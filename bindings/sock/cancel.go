package sock

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Canceler is a context that can wake one waiting call without a goroutine. A
// call arms it only when it has to wait.
type Canceler interface {
	context.Context

	// Arm makes wake the function to call when the context is cancelled, or
	// returns the cause at once if it is cancelled already. wake is quick, does
	// not block and may run in any goroutine.
	Arm(wake func()) error

	// Disarm forgets wake. Once it has returned, wake neither runs nor will run.
	Disarm()
}

// refused returns the error of a call under a context that was cancelled before
// the call. A deadline that has passed is none: such a call makes one try.
func refused(ctx context.Context) error {
	err := ctx.Err()
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return canceled(ctx)
}

// canceled returns why ctx woke a call.
func canceled(ctx context.Context) error {
	err := ctx.Err()
	switch {
	case err == nil:
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return os.ErrDeadlineExceeded
	}
	if _, own := ctx.(Canceler); own {
		return err
	}
	cause := context.Cause(ctx)
	if cause == nil || errors.Is(cause, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// arming is a wake function lent to a context.
type arming struct {
	canceler Canceler
	stop     func() bool
	ran      chan struct{}
}

// arm lends wake to ctx; disarm takes it back.
func (a *arming) arm(ctx context.Context, wake func()) error {
	if c, ok := ctx.(Canceler); ok {
		if err := c.Arm(wake); err != nil {
			return err
		}
		a.canceler = c
		return nil
	}
	if ctx.Done() == nil {
		return nil
	}
	ran := make(chan struct{})
	a.ran = ran
	a.stop = context.AfterFunc(ctx, func() {
		wake()
		close(ran)
	})
	return nil
}

// disarm returns when wake neither runs nor will run.
func (a *arming) disarm() {
	if a.canceler != nil {
		a.canceler.Disarm()
		a.canceler = nil
	}
	if a.stop != nil {
		if !a.stop() {
			<-a.ran
		}
		a.stop, a.ran = nil, nil
	}
}
