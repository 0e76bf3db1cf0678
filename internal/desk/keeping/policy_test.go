package keeping_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
)

func TestFilesAreTakenByNameContentAndSize(t *testing.T) {
	for _, tc := range []struct {
		what        string
		p           keeping.Policy
		name, sniff string
		size        int64
		want        string // part of the sentence; empty is taken
	}{
		{"no policy", keeping.Policy{}, "a.exe", "application/octet-stream", 1 << 40, ""},
		{"too large", keeping.Policy{MaxFile: 1 << 20}, "a.txt", "", 1<<20 + 1, "1 MB"},
		{"as large as may be", keeping.Policy{MaxFile: 1 << 20}, "a.txt", "", 1 << 20, ""},
		{"an ending that is not taken", keeping.Policy{Never: []string{".exe"}}, "Setup.EXE", "", 1, ".exe"},
		{"another ending", keeping.Policy{Never: []string{".exe"}}, "a.exe.txt", "text/plain; charset=utf-8", 1, ""},
		{"content whose name hides it", keeping.Policy{Never: []string{".zip"}}, "a.txt", "application/zip", 1, ".zip"},
		{"a type", keeping.Policy{Never: []string{"image/*"}}, "a", "image/png", 1, "image/*"},
		{"a type of which nothing is known yet", keeping.Policy{Never: []string{"image/*"}}, "a", "", 1, ""},
		{"one of the kinds that are taken", keeping.Policy{Only: []string{".pdf", "image/*"}}, "a.pdf", "application/pdf", 1, ""},
		{"by its type", keeping.Policy{Only: []string{".pdf", "image/*"}}, "a.dat", "image/gif", 1, ""},
		{"none of them", keeping.Policy{Only: []string{".pdf", "image/*"}}, "a.txt", "text/plain", 1, ".pdf, image/*"},
		{"a lie about the ending", keeping.Policy{Only: []string{".pdf"}}, "a.pdf", "application/zip", 1, ".pdf"},
		{"an ending that is not known by content", keeping.Policy{Only: []string{".log"}}, "a.log", "text/plain", 1, ""},
	} {
		got := tc.p.Refuses(tc.name, tc.sniff, tc.size)
		if (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q", tc.what, got, tc.want)
		}
	}
}

func TestPoliciesAreChecked(t *testing.T) {
	for _, tc := range []struct {
		field string
		p     keeping.Policy
	}{
		{"", keeping.Policy{}},
		{"", keeping.Policy{Cases: 30, Files: 7, MaxFile: 1, Only: []string{".pdf"}, Never: []string{"image/*"}}},
		{"cases", keeping.Policy{Cases: -1}},
		{"cases", keeping.Policy{Cases: keeping.MaxDays + 1}},
		{"files", keeping.Policy{Files: -1}},
		{"files", keeping.Policy{Cases: 7, Files: 30}},
		{"max_file", keeping.Policy{MaxFile: -1}},
		{"only", keeping.Policy{Only: []string{"."}}},
		{"never", keeping.Policy{Never: []string{"*/*"}}},
		{"hold", keeping.Policy{Hold: strings.Repeat("x", 501)}},
	} {
		err := tc.p.Validate()
		refusal, _ := errors.AsType[*desk.Refusal](err)
		field := ""
		if refusal != nil {
			field = refusal.Field
		}
		if field != tc.field {
			t.Errorf("%+v: got %q, %v", tc.p, field, err)
		}
	}
	if got := strings.Join(keeping.Kinds("PDF, *.exe\n image/*;.tar.gz exe"), " "); got != ".pdf .exe image/* .tar.gz" {
		t.Errorf("kinds: %q", got)
	}
}

func TestAHoldOrNoDaysLetNothingGo(t *testing.T) {
	now := time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		p    keeping.Policy
		k    keeping.Kind
		days int // before now; 0 is nothing
	}{
		{keeping.Policy{}, keeping.OfCases, 0}, {keeping.Policy{Cases: 30}, keeping.OfCases, 30}, {keeping.Policy{Cases: 30}, keeping.OfFiles, 0},
		{keeping.Policy{Cases: 30, Files: 7}, keeping.OfFiles, 7}, {keeping.Policy{Cases: 30, Hold: "x"}, keeping.OfCases, 0},
	} {
		before, due := tc.p.Before(tc.k, now)
		if due != (tc.days > 0) || due && !before.Equal(now.AddDate(0, 0, -tc.days)) {
			t.Errorf("%+v %s: got %v, %v", tc.p, tc.k, before, due)
		}
	}
}
