package browsertest

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// Busy is the processor time that the page's main thread has taken since the page
// began, in ms: what a page costs, however much else the machine has to do.
func (tab *Tab) Busy() float64 {
	tab.t.Helper()
	ms, err := try(tab, func(ctx context.Context, target *chromedp.Target) (float64, error) {
		if _, err := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{}); err != nil {
			return 0, err
		}
		all, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return 0, err
		}
		for _, metric := range all.Metrics {
			if metric.Name == "ThreadTime" {
				return metric.Value * float64(time.Second/time.Millisecond), nil
			}
		}
		return 0, fmt.Errorf("no ThreadTime among %d metrics", len(all.Metrics))
	})
	if err != nil {
		tab.fail("ask for processor time", err)
	}
	return ms
}
