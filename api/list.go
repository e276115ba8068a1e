package api

import "ombudsdienst/internal/register"

// Paging is how every list is asked for in pages.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"most items in the answer"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before"`
}

func (p Paging) part() register.Paging { return register.Paging{Limit: p.Limit, Cursor: p.Cursor} }
