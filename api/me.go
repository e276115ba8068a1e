package api

import (
	"context"

	"ombudsdienst/internal/staff"
)

type me struct {
	Login      string     `json:"login"`
	Name       string     `json:"name"`
	Role       staff.Role `json:"role"`
	Department *string    `json:"department" doc:"code of the department a handler answers for; null for everyone else"`
}

type meOutput struct{ Body me }

// me tells a caller who they are here.
func (c *counter) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	actor := actorOf(ctx)
	body := me{Login: actor.Login, Name: actor.Name, Role: actor.Role}
	if actor.Department != "" {
		body.Department = &actor.Department
	}
	return &meOutput{body}, nil
}
