// Package ladder draws a recording as a ladder: a lifeline for each end, time
// downwards, calls on the lifeline where they were made, arrows for what went
// from one end to another.
//
// Drawing has three steps. The matcher (match.go) finds out what belongs
// together: which sends fed which receive, which connect an accept took, which
// close a stream ended with. A picture (picture.go) gives each end a lane and
// each event a row. The writers turn a picture into text, Markdown, SVG or one
// HTML page; [Live] draws text row by row while the program runs.
//
// An arrow means that bytes, a connection, FIN or RST left for the other end's
// kernel. It carries a number where the other end is in this program, and the
// call that took it names the number: one send may feed several receives, one
// receive may take several sends, and what nobody took is said at the end.
package ladder
