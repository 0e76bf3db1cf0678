package mrkdwn

import (
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/emoji"
	"caseline/internal/mrkdwn/rich"
)

// markdownParser is made once and never changed; it may be used by many
// goroutines at once. It knows CommonMark without raw HTML, strikethrough,
// tables, and what stands in "<…>" and ":…" here.
var markdownParser = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(angleParser{}, 300),
			util.Prioritized(colonParser{}, 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
})

// parse reads Markdown. The source is cleaned first, so the tree's positions
// are those of the source that is returned.
func parse(markdown string) (ast.Node, []byte) {
	src := []byte(rich.Clean(markdown))
	return markdownParser().Parse(text.NewReader(src)), src
}

var (
	kindAddress = ast.NewNodeKind("Address")
	kindEntity  = ast.NewNodeKind("Entity")
	kindEmoji   = ast.NewNodeKind("Emoji")
)

// An addressNode is a link that shows its own address: <https://…> or an
// address that was just typed.
type addressNode struct {
	ast.BaseInline
	url   string
	shown string
}

func (n *addressNode) Kind() ast.NodeKind { return kindAddress }

// Dump writes the node for people who debug the tree.
func (n *addressNode) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// An entityNode is one of Slack's tokens. Who reads the tree decides whether
// it is one, or only text that looks alike.
type entityNode struct {
	ast.BaseInline
	entity rich.Entity
	source string
}

func (n *entityNode) Kind() ast.NodeKind { return kindEntity }

// Dump writes the node for people who debug the tree.
func (n *entityNode) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// An emojiNode is a ":name:", whether or not anyone knows that name.
type emojiNode struct {
	ast.BaseInline
	name string
}

func (n *emojiNode) Kind() ast.NodeKind { return kindEmoji }

// Dump writes the node for people who debug the tree.
func (n *emojiNode) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// angleParser reads entities and addresses in "<…>". Anything else there, all
// of HTML included, is text.
type angleParser struct{}

func (angleParser) Trigger() []byte { return []byte{'<'} }

func (angleParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	end := 1
	for ; end < len(line) && line[end] != '>'; end++ {
		if line[end] == '<' || line[end] == '\n' {
			return nil
		}
	}
	if end == len(line) || end == 1 {
		return nil
	}
	node := angleNode(string(line[1:end]))
	if node != nil {
		block.Advance(end + 1)
	}
	return node
}

func angleNode(content string) ast.Node {
	if e, ok := rich.ParseEntity(content); ok {
		return &entityNode{entity: e, source: "<" + content + ">"}
	}
	for i := range len(content) {
		// An address has neither space nor, so that Slack's <url|label> is
		// never taken for one, a bar.
		if content[i] <= ' ' || content[i] == '|' {
			return nil
		}
	}
	shown := readReferences(content)
	if url, ok := rich.LinkAddress(shown); ok {
		return &addressNode{url: url, shown: shown}
	}
	if rich.IsEmail(content) {
		url, _ := rich.LinkAddress("mailto:" + content)
		return &addressNode{url: url, shown: content}
	}
	return nil
}

// colonParser reads ":name:", and at the colon of "https://" the whole
// address that was typed there.
type colonParser struct{}

func (colonParser) Trigger() []byte { return []byte{':'} }

func (colonParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) > 3 && line[1] == '/' && line[2] == '/' {
		if scheme := typedScheme(parent, segment.Start, block.Source()); scheme != "" {
			raw, rest := typedAddress(line[3:])
			if url, ok := rich.LinkAddress(scheme + "://" + rest); ok {
				takeBack(parent, len(scheme))
				block.Advance(3 + raw)
				return &addressNode{url: url, shown: scheme + "://" + rest}
			}
		}
	}
	n := emoji.CodeLen(string(line[:min(len(line), emoji.MaxCodeLen)]))
	if n == 0 {
		return nil
	}
	block.Advance(n)
	return &emojiNode{name: string(line[1 : n-1])}
}
