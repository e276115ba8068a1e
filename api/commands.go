package api

import (
	"slices"

	"ombudsdienst/internal/complaint"
)

// commands are the routes that change something, by who gives them.
func (c *counter) commands() []group {
	return slices.Concat(c.decisions(), c.conduct(), c.privacy(), c.deskWork(), c.answersOfDepartments())
}

// decisions are the ombuds officer's on a complaint.
func (c *counter) decisions() []group {
	return []group{
		{who: officers, routes: []route{
			post("/api/v1/complaints/{number}/admissibility", "decideAdmissibility", "Decides whether a complaint is admissible", c.decideAdmissibility).
				signals(complaint.DecideAdmissibility),
			post("/api/v1/complaints/{number}/admissibility-warnings", "noteWarning", "Notes a ground of other bodies, which warns and never refuses", c.warn).
				signalsNothing("A warning is for whoever opens the file: it changes nothing in time."),
			post("/api/v1/complaints/{number}/representation", "changeRepresentation", "Notes how the mandate of the representative stands", c.represent).
				signalsNothing("It changes to whom the next letters go, not what the procedure waits for."),
			post("/api/v1/complaints/{number}/consultations", "askDepartment", "Asks a department", c.ask).
				creates().signals(complaint.AskDepartment),
			post("/api/v1/complaints/{number}/service-first", "handToService", "Hands a complaint to the service first, to come back on a day", c.handToService).
				signals(complaint.HandToService),
			post("/api/v1/complaints/{number}/outcome", "decideOutcome", "Decides the outcome", c.decideOutcome).
				signals(complaint.DecideOutcome),
			post("/api/v1/complaints/{number}/delay-notice", "giveDelayNotice", "Tells the complainant a later last day, once, before the last one ends", c.giveDelayNotice).
				signals(complaint.ChangeDeadline),
			post("/api/v1/complaints/{number}/withdrawal", "withdraw", "Notes that the complainant withdrew", c.withdraw).
				signals(complaint.Withdraw),
			post("/api/v1/complaints/{number}/privacy-referral", "referPrivacy",
				"Refers to the DPO what concerns personal data, or confirms or corrects which part does", c.referPrivacy).
				signals(complaint.ReferPrivacy),
		}},
	}
}

// conduct is what officers and supervisors do around a case.
func (c *counter) conduct() []group {
	return []group{
		{who: officers, routes: []route{
			post("/api/v1/complaints/{number}/void", "voidEntry", "Voids an entry that was made in error", c.void).
				signals(complaint.Void),
			post("/api/v1/complaints/{number}/reopening", "reopen", "Opens a closed complaint again, with a second term", c.reopen).
				signals(complaint.Reopen),
			post("/api/v1/complaints/{number}/notes", "addNote", "Keeps an internal note", c.addNote).
				signalsNothing("A note is for colleagues: it changes nothing in time."),
		}},
		{who: settlers, routes: []route{
			post("/api/v1/letters/{id}/resolution", "resolveLetter", "Settles a letter that failed, is in doubt or waits for another day", c.resolveLetter).
				signals(complaint.SettleLetter),
		}},
		{who: mailReaders, routes: []route{
			post("/api/v1/letters/{id}/bounce", "noteBounce", "Notes that a letter sent by e-mail came back; it goes by post, or waits for a person", c.bounceLetter).
				signals(complaint.SettleLetter),
		}},
		{who: overseers, routes: []route{
			post("/api/v1/complaints/{number}/assignment", "assign", "Gives a complaint to an ombuds officer", c.assign).
				signalsNothing("Who handles a complaint changes nothing in time: the procedure waits for a decision, whoever takes it."),
			post("/api/v1/officers/{login}/absence", "noteAbsence", "Notes that an ombuds officer is away and who stands in", c.noteAbsence).
				creates().signalsNothing("Who is in charge is looked up on the day itself."),
			post("/api/v1/officers/{login}/return", "noteReturn", "Notes that an ombuds officer is back, which ends every absence", c.noteReturn).
				signalsNothing("Who is in charge is looked up on the day itself."),
		}},
		{who: verifiers, routes: []route{
			post("/api/v1/verification", "askVerification", "Asks for a run of verification", c.askVerification).
				signalsNothing("It compares and changes nothing; what it finds stands under /api/v1/findings."),
		}},
		{who: unblocked, routes: []route{
			post("/api/v1/findings/{id}/settlement", "settleFinding", "Notes that somebody knows of a finding, and why it stays", c.settleFinding).
				signalsNothing("It changes nothing but the list of findings."),
			post("/api/v1/relay/blocked/{workflow_id}/settlement", "settleBlocked", "Settles a command that does not reach its procedure", c.settleBlocked).
				signals(complaint.PassOver),
		}},
	}
}

// privacy are the DPO's commands.
func (c *counter) privacy() []group {
	return []group{
		{who: privacyOfficer, routes: []route{
			post("/api/v1/privacy/{number}/split", "splitPrivacy", "Confirms or corrects which part is about personal data", c.splitPrivacy).
				signals(complaint.ReferPrivacy),
			post("/api/v1/privacy/{number}/extension", "extendPrivacy", "Extends the term once, by two months, within the first month", c.extendPrivacy).
				signals(complaint.ExtendPrivacy),
			post("/api/v1/privacy/{number}/answer", "answerPrivacy", "Notes the DPO's answer; its letter follows", c.answerPrivacy).
				signals(complaint.AnswerPrivacy),
			post("/api/v1/privacy/{number}/breach", "suspectBreach", "Says that a breach is suspected, which starts the 72 hours, or that it is not", c.suspectBreach).
				signals(complaint.ChangeBreach),
			post("/api/v1/privacy/{number}/breach-notification", "notifyBreach", "Notes that the authority was told of the breach, which ends the 72 hours", c.notifyBreach).
				signals(complaint.ChangeBreach),
		}},
	}
}

// deskWork is what comes in and goes out over the counter.
func (c *counter) deskWork() []group {
	return []group{
		{who: mailRoom, routes: []route{
			post("/api/v1/complaints/{number}/involved", "nameInvolved", "Names who is involved and so neither decides nor answers; it replaces what was said before", c.nameInvolved).
				signals(complaint.EndQuestions),
			post("/api/v1/complaints/{number}/receipt-correction", "correctReceipt", "Corrects when a complaint was received; its deadline is derived again", c.correctReceipt).
				signals(complaint.ChangeDeadline),
			post("/api/v1/letters/{id}/dispatch", "dispatchLetter", "Says on which day a printed letter was posted", c.dispatchLetter).
				signals(complaint.SettleLetter),
		}},
		{who: correctors, routes: []route{
			post("/api/v1/complaints/{number}/correction", "correctSubmission", "Corrects what came in; only what is given changes, and what it held stays readable", c.correct).
				signals(complaint.CorrectSubmission),
		}},
		{who: mailRoom, routes: []route{
			post("/api/v1/complaints/{number}/complainant-reply", "takeReply", "Keeps what the complainant sent in answer; the rules judge again", c.reply).
				large().signals(complaint.ReceiveReply),
			post("/api/v1/complaints/{number}/documents", "addDocuments", "Keeps documents that came in later, also after the closing", c.addDocuments).
				large().signalsNothing(quietAddition),
			post("/api/v1/complaints/{number}/links", "linkComplaint", "Links a complaint on the same matter", c.link).
				signalsNothing("Linked complaints go on each by itself."),
		}},
	}
}

// answersOfDepartments are given by handlers, or noted by an officer.
func (c *counter) answersOfDepartments() []group {
	return []group{
		{who: answerers, routes: []route{
			post("/api/v1/consultations/{id}/answer", "answerConsultation", "Notes the department's answer", c.answer).
				large().signals(complaint.ReceiveAnswer),
			post("/api/v1/service-first/{number}/report", "reportService", "Says what the department did, asked to help first; the officer has the complaint back and decides", c.reportService).
				signals(complaint.ReportService),
			post("/api/v1/consultations/{id}/hand-over", "handOverQuestion", "Passes a question on to the department that it belongs to", c.handOver).
				creates().signals(complaint.HandOverQuestion),
		}},
	}
}
