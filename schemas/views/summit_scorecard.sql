-- summit_scorecard: what each summit produced, by form, what became of it, and which issues it took up and left out
-- One row `all` a summit, and one row for each form that its agreements take.
WITH parents AS (
  SELECT DISTINCT related_id AS agreement_id, 1 AS is_parent
  FROM agreement_links
  WHERE relation = 'part_of'
),
made AS (
  SELECT
    a.summit_id,
    COALESCE(a.form, 'not_known') AS form,
    a.stage,
    s.status,
    CASE WHEN s.counts_as_promise THEN 1 ELSE 0 END AS is_promise,
    CASE WHEN s.evidence_within_12_months IS NOT NULL THEN 1 ELSE 0 END AS is_due,
    CASE WHEN s.evidence_within_12_months THEN 1 ELSE 0 END AS is_kept,
    COALESCE(p.is_parent, 0) AS is_parent
  FROM agreements AS a
  JOIN agreement_status AS s ON a.agreement_id = s.agreement_id
  LEFT JOIN parents AS p ON a.agreement_id = p.agreement_id
  WHERE a.summit_id IS NOT NULL
),
grouped AS (
  SELECT summit_id, 'all' AS form, stage, status, is_promise, is_due, is_kept, is_parent FROM made
  UNION ALL
  SELECT summit_id, form, stage, status, is_promise, is_due, is_kept, is_parent FROM made
),
counted AS (
  SELECT
    summit_id,
    form,
    SUM(1 - is_parent) AS agreements,
    SUM(is_parent) AS parents_left_out,
    SUM(CASE WHEN is_parent = 0 AND stage = 'agreed' THEN 1 ELSE 0 END) AS agreed,
    SUM(CASE WHEN is_parent = 0 AND stage = 'announced_by_jp' THEN 1 ELSE 0 END) AS announced_by_jp,
    SUM(CASE WHEN is_parent = 0 AND stage = 'announced_by_kr' THEN 1 ELSE 0 END) AS announced_by_kr,
    SUM(CASE WHEN is_parent = 0 AND stage = 'proposed_by_jp' THEN 1 ELSE 0 END) AS proposed_by_jp,
    SUM(CASE WHEN is_parent = 0 AND stage = 'proposed_by_kr' THEN 1 ELSE 0 END) AS proposed_by_kr,
    SUM(CASE WHEN is_parent = 0 AND stage = 'not_concluded' THEN 1 ELSE 0 END) AS not_concluded,
    SUM(CASE WHEN is_parent = 0 AND status = 'proposed' THEN 1 ELSE 0 END) AS now_proposed,
    SUM(CASE WHEN is_parent = 0 AND status = 'negotiating' THEN 1 ELSE 0 END) AS now_negotiating,
    SUM(CASE WHEN is_parent = 0 AND status = 'announced' THEN 1 ELSE 0 END) AS now_announced,
    SUM(CASE WHEN is_parent = 0 AND status = 'signed' THEN 1 ELSE 0 END) AS now_signed,
    SUM(CASE WHEN is_parent = 0 AND status = 'ratified' THEN 1 ELSE 0 END) AS now_ratified,
    SUM(CASE WHEN is_parent = 0 AND status = 'in_force' THEN 1 ELSE 0 END) AS now_in_force,
    SUM(CASE WHEN is_parent = 0 AND status = 'implementing' THEN 1 ELSE 0 END) AS now_implementing,
    SUM(CASE WHEN is_parent = 0 AND status = 'delivered' THEN 1 ELSE 0 END) AS now_delivered,
    SUM(CASE WHEN is_parent = 0 AND status = 'extended' THEN 1 ELSE 0 END) AS now_extended,
    SUM(CASE WHEN is_parent = 0 AND status = 'reduced' THEN 1 ELSE 0 END) AS now_reduced,
    SUM(CASE WHEN is_parent = 0 AND status = 'stalled' THEN 1 ELSE 0 END) AS now_stalled,
    SUM(CASE WHEN is_parent = 0 AND status = 'suspended' THEN 1 ELSE 0 END) AS now_suspended,
    SUM(CASE WHEN is_parent = 0 AND status = 'notice_given' THEN 1 ELSE 0 END) AS now_notice_given,
    SUM(CASE WHEN is_parent = 0 AND status = 'expired' THEN 1 ELSE 0 END) AS now_expired,
    SUM(CASE WHEN is_parent = 0 AND status = 'terminated' THEN 1 ELSE 0 END) AS now_terminated,
    SUM(CASE WHEN is_parent = 0 AND status = 'superseded' THEN 1 ELSE 0 END) AS now_superseded,
    SUM(is_promise) AS promises,
    SUM(is_due) AS due,
    SUM(is_kept) AS kept
  FROM grouped
  GROUP BY summit_id, form
),
rows_wanted AS (
  SELECT summit_id, 'all' AS form FROM summits
  UNION ALL
  SELECT DISTINCT summit_id, form FROM made
),
issue_counts AS (
  SELECT
    summit_id,
    'all' AS form,
    SUM(CASE WHEN treatment IN ('progressed', 'discussed', 'raised_by_jp', 'raised_by_kr', 'mentioned')
      THEN 1 ELSE 0 END) AS taken_up,
    SUM(CASE WHEN treatment IN ('said_not_discussed', 'not_in_public_record') THEN 1 ELSE 0 END) AS left_out,
    SUM(CASE WHEN treatment = 'accounts_differ' THEN 1 ELSE 0 END) AS accounts_differ
  FROM summit_issues
  GROUP BY summit_id
)
SELECT
  w.summit_id,
  w.form,
  COALESCE(c.agreements, 0) AS agreements,
  COALESCE(c.parents_left_out, 0) AS parents_left_out,
  COALESCE(c.agreed, 0) AS agreed,
  COALESCE(c.announced_by_jp, 0) AS announced_by_jp,
  COALESCE(c.announced_by_kr, 0) AS announced_by_kr,
  COALESCE(c.proposed_by_jp, 0) AS proposed_by_jp,
  COALESCE(c.proposed_by_kr, 0) AS proposed_by_kr,
  COALESCE(c.not_concluded, 0) AS not_concluded,
  COALESCE(c.now_proposed, 0) AS now_proposed,
  COALESCE(c.now_negotiating, 0) AS now_negotiating,
  COALESCE(c.now_announced, 0) AS now_announced,
  COALESCE(c.now_signed, 0) AS now_signed,
  COALESCE(c.now_ratified, 0) AS now_ratified,
  COALESCE(c.now_in_force, 0) AS now_in_force,
  COALESCE(c.now_implementing, 0) AS now_implementing,
  COALESCE(c.now_delivered, 0) AS now_delivered,
  COALESCE(c.now_extended, 0) AS now_extended,
  COALESCE(c.now_reduced, 0) AS now_reduced,
  COALESCE(c.now_stalled, 0) AS now_stalled,
  COALESCE(c.now_suspended, 0) AS now_suspended,
  COALESCE(c.now_notice_given, 0) AS now_notice_given,
  COALESCE(c.now_expired, 0) AS now_expired,
  COALESCE(c.now_terminated, 0) AS now_terminated,
  COALESCE(c.now_superseded, 0) AS now_superseded,
  COALESCE(c.promises, 0) AS promises,
  CASE WHEN COALESCE(c.promises, 0) = COALESCE(c.due, 0) THEN COALESCE(c.due, 0) END AS within_12_months_n,
  CASE WHEN COALESCE(c.promises, 0) = COALESCE(c.due, 0) THEN COALESCE(c.kept, 0) END AS within_12_months_k,
  i.taken_up AS issues_taken_up,
  i.left_out AS issues_left_out,
  i.accounts_differ AS issues_accounts_differ
FROM rows_wanted AS w
LEFT JOIN counted AS c ON w.summit_id = c.summit_id AND w.form = c.form
LEFT JOIN issue_counts AS i ON w.summit_id = i.summit_id AND w.form = i.form
ORDER BY w.summit_id, w.form
