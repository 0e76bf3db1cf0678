package mrkdwn

import (
	"encoding/json"
	"strings"
	"testing"
)

var (
	plainBlocks = json.RawMessage(`[{"type":"rich_text","block_id":"Sesm","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"The nightly export has been failing since Tuesday, could somebody have a look?"}]}]}]`)
	mixedBlocks = json.RawMessage(message(
		`{"type":"rich_text_section","elements":[{"type":"user","user_id":"U333"},{"type":"text","text":" see "},{"type":"link","url":"https://status.example.com/incidents/42","text":"the incident"},{"type":"text","text":": it is *the* "},{"type":"text","text":"same","style":{"bold":true}},{"type":"text","text":" as snake_case "},{"type":"emoji","name":"tada","unicode":"1f389"}]}`,
		`{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"first"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"second"}]}],"style":"bullet","indent":0}`,
		`{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x := 1\ny := 2"}]}`))
	commonMarkdown = "Hi <@U1>, thanks for the **details**. Please try this and tell us what `caseline doctor` says:\n\n- restart the *worker*\n- look at https://status.example.com/incidents/42\n\n:tada: Jane"
)

func BenchmarkFromSlackPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		FromSlack("", plainBlocks)
	}
}

func BenchmarkFromSlackMixed(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		FromSlack("", mixedBlocks)
	}
}

func BenchmarkFromSlackText(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		FromSlack("Hi <@U333>, *the export* fails with `exit 1` &amp; nobody knows why <https://x.y|here> :tada:", nil)
	}
}

// BenchmarkDecodeIntoStructs is the yardstick for FromSlackPlain: the same
// bytes read by encoding/json, with nothing done to them.
func BenchmarkDecodeIntoStructs(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var blocks []struct {
			Type     string
			Elements []struct {
				Type     string
				Elements []struct {
					Type, Text string
					Style      map[string]bool
				}
			}
		}
		if err := json.Unmarshal(plainBlocks, &blocks); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToSlack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ToSlack(commonMarkdown)
	}
}

func BenchmarkToSlackLong(b *testing.B) {
	md := strings.Repeat(commonMarkdown+"\n\n", 100)
	b.ReportAllocs()
	for b.Loop() {
		ToSlack(md)
	}
}

func BenchmarkHTML(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		HTML(commonMarkdown, testResolver)
	}
}

func BenchmarkHTMLPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		HTML("The nightly export has been failing since Tuesday, could somebody have a look?", testResolver)
	}
}

func BenchmarkPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Plain(commonMarkdown, testResolver)
	}
}
