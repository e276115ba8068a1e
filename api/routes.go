package api

import (
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// group is the routes that the same callers may use.
type group struct {
	who    []staff.Role
	probes bool // asked by machines that watch over us, whoever they are; never rationed
	routes []route

	lodging   bool // writes; rationed more for the public
	unsettled bool // open to whoever has yet to change a one-time password
	ownPages  bool // not for a page of another site, with a session or without
}

// Who may use what; see the groups.
var (
	everyone  = slices.Concat([]staff.Role{staff.Public}, staff.Roles)
	lodgers   = []staff.Role{staff.Public, staff.Intake, staff.Ombuds, staff.DPO}
	officers  = []staff.Role{staff.Ombuds}
	overseers = []staff.Role{staff.Ombuds, staff.Supervisor}
	clerks    = []staff.Role{staff.Intake, staff.Ombuds, staff.Supervisor}
	mailRoom  = []staff.Role{staff.Intake, staff.Ombuds}
	consulted = []staff.Role{staff.Handler, staff.Ombuds, staff.Supervisor}
	answerers = []staff.Role{staff.Handler, staff.Ombuds}
	unblocked = []staff.Role{staff.Ombuds, staff.Supervisor, staff.DPO}

	privacyOfficer = []staff.Role{staff.DPO}
	auditors       = []staff.Role{staff.Auditor}
	verifiers      = []staff.Role{staff.Supervisor, staff.Auditor}
	finders        = []staff.Role{staff.Ombuds, staff.Supervisor, staff.DPO, staff.Auditor}
	settlers       = []staff.Role{staff.Ombuds, staff.DPO}
	mailReaders    = []staff.Role{staff.Intake, staff.Ombuds, staff.DPO}
	letterReaders  = []staff.Role{staff.Intake, staff.Ombuds, staff.Supervisor, staff.DPO}
	correctors     = []staff.Role{staff.Intake, staff.Ombuds, staff.DPO}
	fileReaders    = []staff.Role{staff.Handler, staff.Ombuds, staff.Supervisor, staff.DPO}
)

// quietAddition says why documents send no message.
const quietAddition = "What is added to the file changes nothing in time: whom the case waits for stays."

// table is every route, grouped by who may use it. The rows a caller may see
// within a route, such as a handler's own department, are casework's matter.
func (c *counter) table() []group {
	return slices.Concat(c.forEveryone(), c.entrance(), c.looks(), c.commands())
}

func (c *counter) forEveryone() []group {
	return []group{
		{who: everyone, probes: true, routes: []route{
			get("/healthz", "isAlive", "Tells that the process is alive", c.healthz),
			get("/readyz", "isReady", "Tells whether complaints can be taken in", c.readyz),
			get("/metrics", "metrics", "Figures for Prometheus", c.metrics).answers("text/plain"),
			get("/openapi.json", "describe", "Describes all of this", c.describe).answers("application/openapi+json"),
		}},
		{who: everyone, routes: []route{
			get("/api/v1/organisation", "organisation", "The public facts of the organisation", c.organisation),
			get("/api/v1/departments", "departments", "The departments that a complaint may be about", c.departments),
			get("/api/v1/deadline", "deadline", "Computes the term of something received at a moment", c.deadline),
			get("/api/v1/status/{receipt_code}", "followStatus", "Tells where a complaint stands, in phases and dates", c.status),
		}},
		{who: lodgers, lodging: true, routes: []route{
			post("/api/v1/submissions", "lodge", "Lodges a complaint", c.lodge).
				creates().large().signals(complaint.CommandStart),
			post("/api/v1/submissions/form", "lodgeForm", "Lodges a complaint from an HTML form", c.lodgeForm).
				creates().large().signals(complaint.CommandStart).takes("multipart/form-data", c.form.schema()),
			post("/api/v1/status/{receipt_code}/documents", "sendDocuments", "Adds documents to an open complaint", c.sendDocuments).
				large().signalsNothing(quietAddition),
		}},
	}
}

func (c *counter) looks() []group {
	return []group{
		{who: overseers, routes: []route{
			get("/api/v1/complaints/{number}", "openFile", "Opens the file of a complaint", c.file),
			get("/api/v1/officers/{login}/absence", "listAbsences", "Tells when an ombuds officer is away and who stands in", c.absences),
		}},
		{who: unblocked, routes: []route{
			get("/api/v1/relay/blocked", "listBlocked", "Lists the procedures that a command does not reach; the DPO sees those of privacy files", c.blocked),
		}},
		{who: clerks, routes: []route{
			get("/api/v1/complaints", "listComplaints", "Lists and searches complaints", c.complaints),
			post("/api/v1/complaints/search", "searchComplaints", "Searches complaints by what names people, which stands in no address", c.search).
				looks(),
			get("/api/v1/letters", "listLetters", "Lists letters", c.letters),
		}},
		{who: correctors, routes: []route{
			get("/api/v1/complaints/{number}/submission", "openSubmission", "Opens what came in, with its corrections", c.submission),
		}},
		{who: letterReaders, routes: []route{
			get("/api/v1/letters/{id}", "openLetter", "Opens a letter", c.letter),
			get("/api/v1/letters/{id}/pdf", "letterPDF", "The letter as it is posted", c.letterPDF).answers("application/pdf"),
			get("/api/v1/letters/{id}/txt", "letterText", "The letter's text", c.letterText).answers("text/plain"),
		}},
		{who: consulted, routes: []route{
			get("/api/v1/consultations", "listConsultations", "Lists consultations; a handler sees those of the own department", c.consultations),
			get("/api/v1/consultations/{id}", "openConsultation", "Opens a consultation with what answering it needs", c.consultation),
			get("/api/v1/service-first", "listServiceFirst", "Lists complaints that a department helps with first; a handler sees those of the own department", c.serviceTasks),
			get("/api/v1/service-first/{number}", "openServiceFirst", "Opens one of them with what helping needs", c.serviceTask),
		}},
		{who: fileReaders, routes: []route{
			get("/api/v1/attachments/{id}", "attachment", "A document that came in", c.attachment).answers("application/octet-stream"),
		}},
		{who: auditors, routes: []route{
			get("/api/v1/audit", "listAudit", "Lists who changed and looked at what, from where", c.audit),
			get("/api/v1/audit/verify", "verifyAudit", "Looks through the chains of history and audit, and their seals", c.verifyAudit),
		}},
		{who: finders, routes: []route{
			get("/api/v1/findings", "listFindings", "Lists what verification found wrong; the DPO sees what is about privacy files", c.findings),
		}},
		{who: verifiers, routes: []route{
			get("/api/v1/verification/{id}", "verification", "Tells how a run of verification stands", c.verification),
		}},
		{who: privacyOfficer, routes: []route{
			get("/api/v1/privacy", "listPrivacyFiles", "Lists the DPO's files", c.privacyFiles),
			get("/api/v1/privacy/{number}", "openPrivacyFile", "Opens one of the DPO's files", c.privacyFile),
		}},
	}
}
