package web_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"caseline/internal/web"
)

func TestTogether(t *testing.T) {
	boom, fine := errors.New("boom"), func() error { return nil }
	fails := func() error { return boom }
	t.Run("at once", func(t *testing.T) {
		met := make(chan int)
		err := web.Together(func() error { met <- 1; return nil }, func() error { <-met; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	t.Run("either fails", func(t *testing.T) {
		if err := web.Together(fails, fine); !errors.Is(err, boom) {
			t.Errorf("the first: got %v", err)
		}
		if err := web.Together(fine, fails); !errors.Is(err, boom) {
			t.Errorf("the second: got %v", err)
		}
	})
	t.Run("the second panics", func(t *testing.T) {
		defer func() {
			if got := fmt.Sprint(recover()); !strings.Contains(got, "boom") {
				t.Errorf("got panic %q", got)
			}
		}()
		_ = web.Together(fine, func() error { panic(boom) }) // does not return
		t.Error("it returned")
	})
}
