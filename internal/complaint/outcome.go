package complaint

import "slices"

// Fits tells whether an overall verdict can stand above the verdicts on the
// points: founded and partly founded need a point that is at least partly
// founded, the others may have none.
func (v Verdict) Fits(points []PointFinding) bool {
	founded := slices.ContainsFunc(points, func(p PointFinding) bool {
		return p.Verdict == Founded || p.Verdict == PartlyFounded
	})
	return founded == (v == Founded || v == PartlyFounded)
}
