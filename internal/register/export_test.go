package register

// ClaimStatement is the statement by which a relay claims rows.
const ClaimStatement = outboxClaim
