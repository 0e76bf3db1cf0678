package takeout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/transcript"
)

// A Case is a case as it is exported, without its log.
type Case struct {
	Case  desk.Case          `json:"case"`
	Chats []desk.ChatSession `json:"chats"`
	Files []desk.File        `json:"files"`
}

func (t *takeout) oneCase(ctx context.Context, id desk.CaseID) error {
	c, err := t.read.Case(ctx, id)
	if err != nil {
		return err
	}
	chats, err := t.read.Chats(ctx, id)
	if err != nil {
		return err
	}
	files, err := t.read.Files(ctx, id)
	if err != nil {
		return err
	}
	if err := t.learn(ctx, append([]desk.PersonID{c.Requester, c.Chat.Requester}, c.Members...)); err != nil {
		return err
	}
	in := "cases/" + string(c.Number) + "/"
	if err := t.json(in+"case.json", Case{Case: t.opt.Named(c), Chats: chats, Files: files}); err != nil {
		return err
	}
	return errors.Join(t.log(ctx, in, c), t.page(ctx, in, c), t.transcripts(ctx, in, c, chats, files), t.files(in, files))
}

// each calls do for all entries of a case, page by page.
func (t *takeout) each(ctx context.Context, id desk.CaseID, do func(desk.Correspondence) error) error {
	for after := int64(0); ; {
		entries, err := t.read.Log(ctx, id, after, t.opt.Page)
		if err != nil || len(entries) == 0 {
			return err
		}
		var people []desk.PersonID
		for _, e := range entries {
			if e.Author.Side == desk.SideCustomer {
				people = append(people, desk.PersonID(e.Author.ID))
			}
		}
		if err := t.learn(ctx, people); err != nil {
			return err
		}
		for _, e := range entries {
			if err := do(e); err != nil {
				return err
			}
			after = e.Seq
		}
	}
}

// log writes the log of a case, one entry a line.
func (t *takeout) log(ctx context.Context, in string, c desk.Case) error {
	return t.part(in+"log.jsonl", func(w io.Writer) error {
		enc := json.NewEncoder(w)
		return t.each(ctx, c.ID, func(e desk.Correspondence) error { return enc.Encode(e) })
	})
}

var pages = template.Must(template.New("case").Parse(`{{define "head"}}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Case {{.Number}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid #ccc;padding:.5rem 0}time,small{color:#555}</style></head>
<body><h1>{{.Subject}}</h1><p>Case {{.Number}} · {{.Severity}} · {{.Status}} · opened {{.Opened}}</p>
{{end}}{{define "entry"}}<article><p><b>{{.Who}}</b> <time>{{.At}}</time> <small>{{.What}}</small></p>{{.Words}}</article>
{{end}}`))

// page writes a case as a page for people.
func (t *takeout) page(ctx context.Context, in string, c desk.Case) error {
	names := t.names(c.Workspace)
	return t.part(in+"case.html", func(w io.Writer) error {
		err := pages.ExecuteTemplate(w, "head", map[string]any{
			"Number": c.Number, "Subject": c.Subject, "Severity": c.Severity, "Status": c.Status, "Opened": c.CreatedAt.UTC().Format(time.RFC3339),
		})
		if err != nil {
			return err
		}
		err = t.each(ctx, c.ID, func(e desk.Correspondence) error {
			what := string(e.Kind)
			if e.What != "" {
				what += " " + e.What
			}
			if e.Refers > 0 {
				what += fmt.Sprintf(", of entry %d", e.Refers)
			}
			return pages.ExecuteTemplate(w, "entry", map[string]any{
				"Who": t.called(e.Author), "At": e.At.UTC().Format(time.RFC3339), "What": fmt.Sprintf("%d: %s", e.Seq, what), "Words": mrkdwn.HTML(e.Text, names),
			})
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "</body></html>\n")
		return err
	})
}

// transcripts writes the record of each chat that has ended.
func (t *takeout) transcripts(ctx context.Context, in string, c desk.Case, chats []desk.ChatSession, files []desk.File) error {
	if c.LastSeq > t.opt.Whole {
		return nil
	}
	var entries []desk.Correspondence
	if err := t.each(ctx, c.ID, func(e desk.Correspondence) error { entries = append(entries, e); return nil }); err != nil {
		return err
	}
	n := 0
	for _, chat := range chats {
		if chat.State != desk.ChatEnded || chat.JoinedAt.IsZero() {
			continue
		}
		n++
		made, err := transcript.New(transcript.Source{
			Case: c, Account: t.title, Chat: chat, Entries: entries, Files: files, Notes: true, Names: t.names(c.Workspace), Name: t.called,
		})
		if err != nil {
			return err
		}
		page, err := made.HTML(t.names(c.Workspace))
		if err != nil {
			return err
		}
		err = t.part(fmt.Sprintf("%schat-%d.html", in, n), func(w io.Writer) error { _, err := io.WriteString(w, page); return err })
		if err != nil {
			return err
		}
	}
	return nil
}

// files writes the files of a case.
func (t *takeout) files(in string, files []desk.File) error {
	for i, f := range files {
		if f.Hash == "" {
			continue
		}
		path := fmt.Sprintf("%sfiles/%03d-%s", in, i+1, desk.FileName(f.Name))
		content, err := t.opt.File(f.Hash)
		if errors.Is(err, desk.ErrNotFound) {
			t.missing = append(t.missing, path)
			continue
		}
		if err != nil {
			return err
		}
		err = t.part(path, func(w io.Writer) error { _, err := io.Copy(w, content); return err })
		if err = errors.Join(err, content.Close()); err != nil {
			return err
		}
	}
	return nil
}
