package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"caseline/internal/app"
	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/setup"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore"
)

// auditCommand prints who did what, newest first.
func auditCommand(ctx context.Context, args []string, std stdio) error {
	r := &setupRun{std: std, fs: flag.NewFlagSet("audit", flag.ContinueOnError)}
	r.config = r.fs.String("config", "caseline.yaml", "the configuration `file`")
	asCSV, asJSON := r.fs.Bool("csv", false, "as CSV, for a spreadsheet"), r.fs.Bool("json", false, "as JSON, one object a line")
	limit := r.fs.Int("limit", 0, "how many entries at most; 0 is all")
	which := r.fs.String("account", "", "only of the account with this `id or name`")
	number := r.fs.String("case", "", "only of the case with this `number`")
	var f desk.AuditFilter
	r.fs.StringVar(&f.What, "what", "", "only this `deed`, such as channel-changed")
	r.fs.StringVar(&f.By, "by", "", "only by the person or agent with this `id`")
	from, to := r.fs.String("from", "", "only from this `day` on, such as 2026-03-01, in UTC"), r.fs.String("to", "", "only to the end of this `day`")
	if err := parse(r.fs, args, std); err != nil {
		return err
	}
	if err := span(&f, *from, *to); err != nil {
		return err
	}
	cfg, err := config.Load(*r.config, os.Environ())
	if err != nil {
		return err
	}
	return app.WithSetup(ctx, *cfg, func(s *sqlstore.Store, u *setup.Service) error {
		r.store, r.setup = s, u
		if err := r.narrow(ctx, &f, *which, *number); err != nil {
			return err
		}
		switch {
		case *asCSV:
			return auditlog.WriteCSV(ctx, std.out, s, f, *limit)
		case *asJSON:
			return auditlog.WriteJSON(ctx, std.out, s, f, *limit)
		}
		return r.auditTable(ctx, f, *limit)
	})
}

// span reads the days between which entries are looked for.
func span(f *desk.AuditFilter, from, to string) (err error) {
	day := func(text string) (time.Time, error) {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return at, refuse(desk.ErrInvalid, "“%s” is not a day. Write it as 2026-03-01.", text)
		}
		return at, nil
	}
	if from != "" {
		if f.From, err = day(from); err != nil {
			return err
		}
	}
	if to != "" {
		f.To, err = day(to)
		f.To = f.To.AddDate(0, 0, 1)
	}
	return err
}

func (r *setupRun) narrow(ctx context.Context, f *desk.AuditFilter, which, number string) error {
	if which != "" {
		a, err := r.account(ctx, which)
		if err != nil {
			return err
		}
		f.Account = a.ID
	}
	if number == "" {
		return nil
	}
	n, _ := desk.ParseCaseNumber(number)
	c, err := r.store.CaseByNumber(ctx, n)
	if errors.Is(err, desk.ErrNotFound) {
		return refuse(desk.ErrNotFound, "There is no case “%s”. A case number has ten digits.", number)
	}
	f.Case = c.ID
	return err
}

func (r *setupRun) auditTable(ctx context.Context, f desk.AuditFilter, limit int) error {
	var rows [][]string
	err := auditlog.Each(ctx, r.store, f, limit, func(e desk.AuditEntry) error {
		who := e.By.Name
		if who == "" {
			who = e.By.ID
		}
		where := e.Via
		if e.Where != "" {
			where += " " + string(e.Where)
		}
		rows = append(rows, []string{e.At.Format(time.DateTime), who, where, e.What, string(e.Account), string(e.Case), auditlog.Detail(e)})
		return nil
	})
	if err != nil {
		return err
	}
	return r.table([]string{"AT (UTC)", "WHO", "WHERE", "WHAT", "ACCOUNT", "CASE", "DETAIL"}, rows)
}
