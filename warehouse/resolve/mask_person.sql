-- People who are not to be shown have no name in any derived table, so that no
-- page or export can forget to leave it out. The records keep what their source
-- says.
update person
set name = '', email = '', phone = '', title = '', seniority = '', handle = '', lawful_basis = ''
where person_id in (select n.id from nameless n)
