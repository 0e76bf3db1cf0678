package firstrun

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrEnded says that the input ended before all was asked.
var ErrEnded = errors.New("the input ended; what is done is kept, so run caseline setup again to go on")

// A talk is with whoever sits at the terminal.
type talk struct {
	in   *bufio.Reader
	out  io.Writer
	hide func() (show func()) // keeps what is typed from being seen
}

func (t *talk) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

// step begins a part of the talk.
func (t *talk) step(title string) { fmt.Fprintf(t.out, "\n— %s\n\n", title) }

// ask asks for one line. Nothing typed is the default, which may be empty.
func (t *talk) ask(ctx context.Context, question, otherwise string) (string, error) {
	if otherwise != "" {
		question += " [" + otherwise + "]"
	}
	fmt.Fprint(t.out, question+": ")
	// Nothing else ends the reading of a terminal.
	stop := context.AfterFunc(ctx, func() { fmt.Fprint(t.out, "\nPress Enter to stop here: ") })
	line, err := t.in.ReadString('\n')
	stop()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	line = strings.TrimSpace(line)
	switch {
	case err != nil && line == "":
		fmt.Fprintln(t.out)
		return "", errors.Join(ErrEnded, unlessEOF(err))
	case line == "":
		return otherwise, nil
	}
	return line, nil
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// secret asks for a line that is not shown while it is typed, where that is
// possible.
func (t *talk) secret(ctx context.Context, question string) (string, error) {
	show := t.hide()
	defer show()
	stop := context.AfterFunc(ctx, show) // who stops us must see again what they type
	defer stop()
	line, err := t.ask(ctx, question, "")
	fmt.Fprintln(t.out)
	return line, err
}

// yes asks a question that has y or n for an answer.
func (t *talk) yes(ctx context.Context, question string, otherwise bool) (bool, error) {
	hint := " (y or n)"
	word := map[bool]string{true: "y", false: "n"}[otherwise]
	for {
		answer, err := t.ask(ctx, question+hint, word)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
	}
}
