package casework

import (
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// explanation is what a kind of finding means and what to do about it.
type explanation struct{ words, toDo map[complaint.Language]string }

func inAll(nl, fr, de, en string) map[complaint.Language]string {
	return map[complaint.Language]string{"nl": nl, "fr": fr, "de": de, "en": en}
}

var explanations = map[string]explanation{
	"numbers": {
		inAll("Een dossiernummer en wat eronder bewaard is, passen niet bij elkaar.",
			"Un numéro de dossier et ce qui y est conservé ne concordent pas.",
			"Eine Aktennummer und das darunter Gespeicherte passen nicht zusammen.",
			"A number and what is stored under it do not fit together."),
		inAll("Laat de beheerder het register met een back-up vergelijken.",
			"Faites comparer le registre à une sauvegarde par l'administrateur.",
			"Lassen Sie das Register vom Verwalter mit einer Sicherung vergleichen.",
			"Have the administrator compare the register with a backup."),
	},
	"workflows": {
		inAll("Dossier en procedure in Temporal lopen uiteen.", "Le dossier et sa procédure dans Temporal divergent.",
			"Akte und Ablauf in Temporal weichen voneinander ab.", "A file and its procedure in Temporal disagree."),
		inAll("Bekijk het dossier en zijn workflow; beantwoord het zo nodig met de hand vóór de vervaldag.",
			"Regardez le dossier et son workflow ; répondez au besoin à la main avant le dernier jour.",
			"Sehen Sie Akte und Workflow an; antworten Sie nötigenfalls von Hand vor dem letzten Tag.",
			"Look at the file and its workflow; answer by hand before the last day if need be."),
	},
	"stuck": {
		inAll("De procedure van een dossier komt niet vooruit.", "La procédure d'un dossier n'avance pas.",
			"Der Ablauf einer Akte kommt nicht voran.", "The procedure of a case does not move on."),
		inAll("Zie of de worker draait; faalt het programma zelf, zet dan de vorige versie terug.",
			"Vérifiez que le worker tourne ; si le programme lui-même échoue, remettez la version précédente.",
			"Prüfen Sie, ob der Worker läuft; versagt das Programm selbst, setzen Sie die vorige Version ein.",
			"See that a worker runs; where the program itself fails, go back to the version before."),
	},
	"outbox": {
		inAll("Een opdracht is nog niet door de procedure opgenomen.", "Une commande n'a pas encore été prise par la procédure.",
			"Ein Auftrag ist noch nicht vom Ablauf übernommen.", "A command has not been taken by its procedure yet."),
		inAll("Zie of API, Temporal en worker draaien; het gaat dan vanzelf verder.",
			"Vérifiez que l'API, Temporal et le worker tournent ; la suite se fait alors d'elle-même.",
			"Prüfen Sie, ob API, Temporal und Worker laufen; dann geht es von selbst weiter.",
			"See that API, Temporal and worker run; then it goes on by itself."),
	},
	"blocked": {
		inAll("Een opdracht raakte niet bij de procedure en is opgegeven.", "Une commande n'a pas atteint la procédure et a été abandonnée.",
			"Ein Auftrag erreichte den Ablauf nicht und wurde aufgegeben.", "A command did not reach its procedure and was given up."),
		inAll("Los het op bij de geblokkeerde procedures, met een reden.", "Réglez-la parmi les procédures bloquées, avec un motif.",
			"Klären Sie ihn bei den blockierten Abläufen, mit Begründung.", "Settle it among the blocked procedures, with reasons."),
	},
	"letters": {
		inAll("Een brief staat stil.", "Une lettre n'avance pas.", "Ein Brief bleibt liegen.", "A letter stands still."),
		inAll("Open de brief: zijn staat zegt of de postkamer, een ombudsman of het programma aan zet is.",
			"Ouvrez la lettre : son état dit si c'est au service courrier, à un médiateur ou au programme d'agir.",
			"Öffnen Sie den Brief: Sein Zustand sagt, ob Poststelle, Ombudsperson oder Programm an der Reihe ist.",
			"Open the letter: its state says whether the mail room, an officer or the program has to act."),
	},
	"deadlines": {
		inAll("Een termijn klopt niet of is niet bewaakt.", "Un délai est inexact ou n'a pas été surveillé.",
			"Eine Frist stimmt nicht oder wurde nicht überwacht.", "A term is wrong or was not watched."),
		inAll("Vergelijk de termijn in het dossier met wat binnenkwam, en beslis vóór de vervaldag.",
			"Comparez le délai du dossier à ce qui est arrivé, et décidez avant le dernier jour.",
			"Vergleichen Sie die Frist der Akte mit dem Eingang und entscheiden Sie vor dem letzten Tag.",
			"Compare the term in the file with what came in, and decide before the last day."),
	},
	"history": {
		inAll("Geschiedenis of audit is buiten het programma om veranderd.", "L'historique ou l'audit a été modifié en dehors du programme.",
			"Verlauf oder Prüfspur wurde am Programm vorbei verändert.", "History or audit was changed past the program."),
		inAll("Verwittig de auditor en de DPO, en vergelijk met een back-up.", "Prévenez l'auditeur et le DPO, et comparez à une sauvegarde.",
			"Verständigen Sie Prüfer und Datenschutzbeauftragten und vergleichen Sie mit einer Sicherung.",
			"Tell the auditor and the DPO, and compare with a backup."),
	},
	"content": {
		inAll("Iets in een dossier past niet bij zijn stand.", "Un élément d'un dossier ne correspond pas à son état.",
			"Etwas in einer Akte passt nicht zu ihrem Stand.", "Something in a file does not fit where it stands."),
		inAll("De tekst zegt wat er te doen is.", "Le texte dit ce qu'il y a à faire.", "Der Text sagt, was zu tun ist.", "The text says what to do."),
	},
	"files": {
		inAll("Een brief wacht op de post, maar zijn bestand ontbreekt.", "Une lettre attend la poste, mais son fichier manque.",
			"Ein Brief wartet auf die Post, aber seine Datei fehlt.", "A letter waits to be posted, but its file is missing."),
		inAll("De postkamer drukt de brief af uit het register.", "Le service courrier imprime la lettre depuis le registre.",
			"Die Poststelle druckt den Brief aus dem Register.", "The mail room prints the letter from the register."),
	},
	"surplus": {
		inAll("Een brief ligt nog bij de afdrukken, maar vertrekt niet met de post.", "Une lettre se trouve encore parmi les impressions, mais ne part pas par la poste.",
			"Ein Brief liegt noch im Druckordner, geht aber nicht mit der Post ab.", "A letter still lies in the print folder, but does not leave by post."),
		inAll("De postkamer neemt het bestand weg en post het niet; is het al gepost, dan noteert ze de dag.",
			"Le service courrier retire le fichier et ne le poste pas ; s'il est déjà posté, il note le jour.",
			"Die Poststelle entfernt die Datei und gibt sie nicht auf; ist das schon geschehen, vermerkt sie den Tag.",
			"The mail room removes the file and does not post it; where that was done already, it notes the day."),
	},
}

// explain adds to a finding what its kind means; a kind without words of its own
// speaks by its text.
func explain(row *register.FindingRow, in complaint.Language) {
	e, known := explanations[row.Kind]
	if !known {
		row.Words = row.Text
		return
	}
	row.Words, row.ToDo = e.words[in], e.toDo[in]
}
