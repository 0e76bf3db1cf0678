package send

import (
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

const (
	whenOurs  = time.Minute      // Slack refuses our token: an operator has to see to it
	whenMoved = 30 * time.Second // a workspace is being moved
)

func sent(receipt string) desk.Verdict { return desk.Verdict{Kind: desk.Sent, Receipt: receipt} }

// retry is the verdict when nothing was sent. The outbox chooses the time.
func retry(err error) desk.Verdict {
	return desk.Verdict{Kind: desk.Retry, Reason: reason(err)}
}

// again is the verdict of a call that does no harm when it is made twice.
func (s *Sender) again(err error) desk.Verdict {
	if err == nil {
		return sent("")
	}
	v := s.once(err)
	if v.Kind == desk.Unknown {
		v.Kind = desk.Retry
	}
	return v
}

// once is the verdict of a call that failed and must not be made twice.
func (s *Sender) once(err error) desk.Verdict {
	v := desk.Verdict{Kind: desk.Unknown, Reason: reason(err)}
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return v
	}
	now := s.opt.Now()
	v.Down = e.Code == "" // which is Slack's name of the error, had it answered
	switch e.Kind {
	case api.Lost:
		v.Kind = desk.Retry
	case api.Limited:
		v.Kind, v.At, v.Hold = desk.Retry, now.Add(max(e.After, time.Second)), s.bucket(e.Method)
	case api.Refused:
		switch {
		case api.ShutOut(e), api.Ungranted(e):
			s.opt.ShutOut(e)
			v.Kind, v.At, v.Shut = desk.Retry, now.Add(whenOurs), true
		case api.Passing(e.Code):
			v.Kind, v.At = desk.Retry, now.Add(whenMoved)
		default:
			v.Kind = desk.Refused
		}
	case api.Unknown:
	}
	return v
}

// bucket is the key of a method's own pace bucket.
func (s *Sender) bucket(method string) string {
	return s.opt.Pace.Buckets(string(s.self.ID), method, "")[0].Key
}

// reason is Slack's name of an error, or what we know instead.
func reason(err error) string {
	if code := api.Code(err); code != "" {
		return code
	}
	return err.Error()
}
