package main

import (
	"math/rand/v2"
	"time"
)

// target is what a blow strikes.
type target string

// The targets. The sink is the mail server: killed, or made to hang up on one
// delivery, in the middle of the text or when it has taken it but not said so.
const (
	firstAPI   target = "api 1"
	secondAPI  target = "api 2"
	theWorker  target = "worker"
	theServer  target = "temporal"
	thePages   target = "postgres"
	theSink    target = "mail server"
	midText    target = "mail in the middle of its text"
	unanswered target = "mail taken without an answer"
)

var targets = []target{firstAPI, secondAPI, theWorker, theServer, thePages, theSink, midText, unanswered}

// blow is one kill: after a pause, of something that stays away for a while.
type blow struct {
	target target
	pause  time.Duration
	away   time.Duration
}

// planOf draws the blows of a seed. Each target has its turn before one has the
// next, so that the shortest plan strikes all; some follow at once on another.
func planOf(seed uint64, kills int) []blow {
	chance := rand.New(rand.NewPCG(seed, 1))
	plan := make([]blow, 0, kills)
	for len(plan) < kills {
		for _, i := range chance.Perm(len(targets)) {
			b := blow{target: targets[i], away: time.Duration(chance.IntN(1500)) * time.Millisecond}
			if chance.IntN(4) > 0 {
				b.pause = time.Duration(chance.IntN(2000)) * time.Millisecond
			}
			plan = append(plan, b)
		}
	}
	return plan[:kills]
}
