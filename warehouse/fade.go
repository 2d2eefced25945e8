package warehouse

import (
	"context"
	"fmt"

	"credence/warehouse/sqlfile"
)

// visitors puts stand-ins for the devices of old acts, one for one, so that acts
// of one device still are. A device that a younger act was done on stays, because
// the old act may be all that tells whose the young one is; it goes when that one
// grows old.
func (r *retaining) visitors() (int64, error) {
	var gone [][]any
	for _, v := range r.devices {
		gone = append(gone, []any{v, pastStandIn + "-" + r.g.mark(ofVisitor, v)[:12]})
	}
	if len(gone) == 0 {
		return 0, nil
	}
	var changed int64
	f := &forgetting{ctx: r.ctx, tx: r.tx, g: r.g}
	for _, table := range []string{"engagements", "visits"} {
		n, err := f.replace("gone_device", "value varchar, replacement varchar", gone,
			"update "+table+" as t set visitor_id = g.replacement from temp.main.gone_device g where g.value = t.visitor_id")
		if err != nil {
			return changed, err
		}
		changed += n
	}
	return changed, nil
}

// pages leaves of old visits of somebody the site that they came from, which the
// channel is told by; what they searched for goes.
func (r *retaining) pages() (int64, error) {
	past := " from temp.main.past_act p where p.stream = 'visits' and p.source = t.source and p.source_id = t.source_id" +
		" and (t.contact_id like '" + standIn + "%' or t.email like '" + standIn + "%' or t.visitor_id like '" + standIn + "%')"
	st := sqlfile.Parse("past referrers", "select distinct t.referrer from visits t, temp.main.past_act p"+past[len(" from temp.main.past_act p"):]+" and t.referrer <> '' order by 1")
	found, err := texts(r.ctx, r.tx, st)
	if err != nil {
		return 0, err
	}
	var gone [][]any
	for _, was := range found {
		if site := siteOf(was); site != was {
			gone = append(gone, []any{was, site})
		}
	}
	var changed int64
	f := &forgetting{ctx: r.ctx, tx: r.tx, g: r.g}
	if len(gone) > 0 {
		changed, err = f.replace("gone_referrer", "value varchar, replacement varchar", gone,
			"update visits as t set referrer = g.replacement from temp.main.past_act p, temp.main.gone_referrer g"+past[len(" from temp.main.past_act p"):]+" and g.value = t.referrer")
		if err != nil {
			return changed, err
		}
	}
	done, err := r.tx.ExecContext(r.ctx, "update visits as t set utm_term = null"+past+" and t.utm_term is not null")
	if err != nil {
		return changed, fmt.Errorf("drop what was searched for: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return changed, fmt.Errorf("count what was searched for: %w", err)
	}
	return changed + n, nil
}

// cutPages cuts the addresses that an earlier version kept whole; a refresh of
// another version than the last does it once.
func cutPages(ctx context.Context, tx *Tx) (changed int64, err error) {
	f := &forgetting{ctx: ctx, tx: tx}
	for stream, columns := range pageColumns {
		for _, column := range columns {
			st := sqlfile.Parse("pages", "select distinct t."+column+" from "+stream+" t where contains(t."+column+", '?') or contains(t."+column+", '#')")
			found, err := texts(ctx, tx, st)
			if err != nil {
				return 0, err
			}
			var whole [][]any
			for _, was := range found {
				if page := PageOf(was); page != was {
					whole = append(whole, []any{was, page})
				}
			}
			if err := f.substitute(stream, column, whole); err != nil {
				return 0, err
			}
		}
	}
	return f.out.Others, nil
}
