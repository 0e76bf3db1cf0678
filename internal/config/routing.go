package config

import "time"

// Routing is how waiting chats are offered to agents.
type Routing struct {
	OfferFor time.Duration `yaml:"offer_for"` // how long one agent is asked whether they take a chat; 0: chats are only taken by hand
	AskAgain time.Duration `yaml:"ask_again"` // after how long who passed may be asked again
}

func (r *Routing) check(k *checker) {
	k.must(r.OfferFor == 0 || r.OfferFor >= 5*time.Second && r.OfferFor <= time.Hour, "routing.offer_for",
		"must be 0 for chats that are only taken by hand, or between 5s and 1h, not %s", r.OfferFor)
	k.must(r.AskAgain >= 5*time.Second && r.AskAgain <= 24*time.Hour, "routing.ask_again",
		"must be between 5s and 24h, not %s", r.AskAgain)
}
