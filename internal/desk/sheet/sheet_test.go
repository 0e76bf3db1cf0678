package sheet_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/desk/sheet"
)

// What a spreadsheet would run is a text in every place where one begins.
func TestNoCellIsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "",
		"plain":            "plain",
		"=1+1":             "'=1+1",
		"+1 415 555":       "'+1 415 555",
		"-cmd":             "'-cmd",
		"@SUM(A1)":         "'@SUM(A1)",
		"\t=1":             "'\t'=1",
		"\r=1":             "'\r'=1",
		" =1":              " '=1",
		"\u00a0=1":         "\u00a0'=1",
		"\uFEFF=1":         "\uFEFF'=1",
		`"=1`:              `"'=1`,
		";=1":              ";'=1",
		"a;=1":             "a;'=1",
		"a; =1;+2":         "a; '=1;'+2",
		"a|-1":             "a|'-1",
		"thanks\n=1":       "thanks\n'=1",
		"thanks\r\n- one":  "thanks\r\n'- one",
		"＝1":               "'＝1",
		"12":               "12",
		"-12.50":           "-12.50",
		"-1+1":             "'-1+1",
		"-":                "'-",
		"1e5":              "1e5",
		"a=b, well-known":  "a=b, well-known",
		`{"a":"=1"}`:       `{"a":"=1"}`,
		"2026-03-01 09:00": "2026-03-01 09:00",
	} {
		if got := sheet.Cell(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

var begun = regexp.MustCompile(`(?:^|[;|\t\r\n])[\s"\x{FEFF}\x{00A0}]*[=+@＝＋＠]`)

// Whatever is typed, no reading of the file has a cell that begins as a formula.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"=1", "a;=1", "\t\"=1", "x\r\n+1", ";;|=1", "\uFEFF=1", "-3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := sheet.Cells([]string{"first", text})
		if begun.MatchString(got[1]) {
			t.Errorf("%q begins a formula in %q", text, got[1])
		}
		if plain := strings.ReplaceAll(got[1], "'", ""); strings.ToValidUTF8(plain, "\uFFFD") != strings.ToValidUTF8(strings.ReplaceAll(text, "'", ""), "\uFFFD") && strings.ToValidUTF8(text, "") == text {
			t.Errorf("%q says something else: %q", text, got[1])
		}
		var file bytes.Buffer
		out := csv.NewWriter(&file)
		if err := out.Write(got); err != nil {
			t.Fatal(err)
		}
		if out.Flush(); begun.MatchString(strings.TrimPrefix(file.String(), "first,")) {
			t.Errorf("%q begins a formula in the file %q", text, file.String())
		}
	})
}
