package main

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// The program's own pages that only starting touched are given back, and it goes on.
func TestWhatStartingReadIsGivenBack(t *testing.T) {
	mapped := func() int {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		kb, err := strconv.Atoi(string(regexp.MustCompile(`RssFile:\s+(\d+) kB`).FindSubmatch(status)[1]))
		if err != nil {
			t.Fatal(err)
		}
		return kb
	}
	before := mapped()
	release()
	if after := mapped(); after > before*3/4 {
		t.Errorf("%d KB of files are mapped, %d before", after, before)
	}
}
