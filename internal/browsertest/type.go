package browsertest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys that have no letter.
const (
	Enter     = kb.Enter
	Escape    = kb.Escape
	TabKey    = kb.Tab
	ArrowUp   = kb.ArrowUp
	ArrowDown = kb.ArrowDown
)

// Modifiers that are held while others are pressed.
const (
	Alt   = kb.ModifierAlt
	Shift = kb.ModifierShift
	Ctrl  = kb.ModifierCtrl
)

//go:embed focus.js
var focusScript string

// A field is what has the focus, and where in it one writes.
type field struct {
	Not        string // why one cannot write there now
	Plain      bool   // what it holds is text and nothing else
	Value      string
	Start, End int // what is selected, as JavaScript counts
}

// with returns what the field has after something was typed into it.
func (f field) with(text string) string {
	was := utf16.Encode([]rune(f.Value))
	return string(utf16.Decode(was[:f.Start])) + text + string(utf16.Decode(was[f.End:]))
}

// Type turns to the field that the selector finds and types. What is typed
// before the first Enter must then stand in the field, if it is a plain one:
// a page that is drawn anew must lose none of it.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	if err := tab.typeInto(selector, text); err != nil {
		tab.fail(fmt.Sprintf("type %q into %s", text, selector), err)
	}
}

func (tab *Tab) typeInto(selector, text string) error {
	var at field
	look := func(ctx context.Context) (err error) {
		at, err = chromedp.Evaluate[field](fmt.Sprintf("(%s)(%s)", focusScript, quoted(selector)))(ctx, tab.target)
		if err == nil && at.Not != "" {
			err = errors.New(at.Not)
		}
		return err
	}
	if err := tab.again(look); err != nil {
		return err
	}
	words := strings.TrimRight(text, "\r\n")
	if !at.Plain || strings.ContainsFunc(words, acts) {
		return tab.keys(text) // they do more than stand there
	}
	want := at.with(words)
	if err := tab.keys(words); err != nil {
		return err
	}
	has, err := try(tab, chromedp.Evaluate[string](fmt.Sprintf("document.activeElement?.matches(%s) ? document.activeElement.value : '(it lost the focus)'", quoted(selector))))
	if err != nil {
		return err
	}
	if has != want {
		return fmt.Errorf("the field has %q, not %q", has, want)
	}
	return tab.keys(text[len(words):])
}

// acts reports whether a key does something else than to write.
func acts(r rune) bool {
	key, known := kb.Keys[r]
	return known && (!key.Print || key.Text == "\r")
}

// Press presses keys one after the other, wherever the focus is, while the
// modifiers are held.
func (tab *Tab) Press(keys string, held ...kb.Modifier) {
	tab.t.Helper()
	if err := tab.keys(keys, held...); err != nil {
		tab.fail(fmt.Sprintf("press %q", keys), err)
	}
}

func (tab *Tab) keys(keys string, held ...kb.Modifier) error {
	_, err := try(tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range keys {
			for _, k := range strokes(r, held) {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, k); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	return err
}

// strokes are a key going down and up. It goes down with the character that it
// types, as in a real browser, so that a script which takes the key for itself
// keeps the character from being typed.
func strokes(r rune, held []kb.Modifier) []input.DispatchKeyEventParams {
	var all []input.DispatchKeyEventParams
	char := input.DispatchKeyEventParams{}
	for _, k := range kb.Encode(r) {
		for _, m := range held {
			k.Modifiers |= int64(m)
		}
		if k.Type == kb.KeyChar {
			char = *k
			continue
		}
		all = append(all, *k)
	}
	if all[0].Modifiers&^int64(Shift) == 0 {
		all[0].Text, all[0].UnmodifiedText = char.Text, char.UnmodifiedText
	}
	return all
}
