package scenario

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"caseline/internal/mail/mailtest"
)

// TestMain tells several stories at a time whatever the number of processors,
// unless -parallel says how many: they mostly wait, for a Slack that is slow,
// for a retry, for a server that was killed.
func TestMain(m *testing.M) {
	mailtest.Main()
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", "8"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	code := m.Run()
	if dir := buildDir.Load(); dir != nil {
		if err := os.RemoveAll(*dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
