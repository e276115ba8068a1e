package schema

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// rights says what the application may do with each table. What it may not
// change it cannot falsify: history only grows, and nothing is removed but
// answers that have expired, sessions that have ended and outbox rows that are
// done (a trigger keeps the others).
var rights = []struct{ may, tables string }{
	{"SELECT", "goose_db_version"},
	{"SELECT, INSERT", "events, audit"},
	{"SELECT", "bindings, adopted"},
	{"SELECT, INSERT", "seals, sealed"},
	{"SELECT, INSERT, UPDATE", "verifications, findings"},
	{"SELECT, INSERT", "register_key"},
	{"SELECT, INSERT", "submissions, initiatives, attachments, decisions, recommendations, deadlines, watched"},
	{"SELECT, INSERT", "corrections"},
	{"UPDATE (" + correctable + ")", "submissions"},
	{"SELECT, INSERT", "term_events"},
	{"SELECT, INSERT", "assignments, involvements"},
	{"SELECT, INSERT", "replies, representations, admissibility_warnings"},
	{"SELECT, INSERT", "privacy_deadlines, privacy_watched"},
	{"SELECT, INSERT, UPDATE", "privacy_files"},
	{"SELECT, INSERT", "terms, voidings, documents, notes, links"},
	{"SELECT, INSERT", "continuations, privacy_splits, breach_steps"},
	{"SELECT, INSERT, UPDATE", "counters, complaints, consultations, letters, accounts, tokens"},
	{"SELECT, INSERT, UPDATE", "absences, service_first"},
	{"SELECT, INSERT, UPDATE", "attachment_scans"},
	{"SELECT, INSERT, UPDATE, DELETE", "outbox, idempotency"},
	{"SELECT, INSERT, UPDATE, DELETE", "sessions, devices"},
	{"SELECT, INSERT, UPDATE, DELETE", "mail_counts"},
	{"SELECT, INSERT, UPDATE", "marker, healings, lost_numbers"},
	{"USAGE", "SCHEMA public"},
	{"USAGE", "ALL SEQUENCES IN SCHEMA public"},
}

// correctable is what a correction may change of what came in; a trigger sees to
// it that it says why.
const correctable = "version, initiatives_version, language, complainant_type, name, contact_name, salutation, street, postcode, city, " +
	"country, email, phone, is_member, member_number, niss_sealed, niss_hash, representative, facts_on, facts_until, " +
	"prior_contact, contested_on, contested_reference, department, topic, text, reply_by"

// grant gives the rights anew, taking away what an earlier version gave more.
func grant(ctx context.Context, owner *sql.Conn, appUser string) error {
	var self string
	if err := owner.QueryRowContext(ctx, `SELECT current_user`).Scan(&self); err != nil {
		return fmt.Errorf("ask for the owner's name: %w", err)
	}
	if appUser == "" || appUser == self {
		return nil
	}
	user := pq.QuoteIdentifier(appUser)
	statements := []string{"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + user}
	for _, r := range rights {
		statements = append(statements, "GRANT "+r.may+" ON "+r.tables+" TO "+user)
	}
	// Sent as one text they are one transaction: there is no moment in which a
	// running program has no rights.
	if _, err := owner.ExecContext(ctx, strings.Join(statements, "; ")); err != nil {
		return fmt.Errorf("grant the application's rights: %w", err)
	}
	return nil
}
