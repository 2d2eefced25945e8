-- Nor have their contacts.
update contact
set name = '', email = '', phone = '', title = '', seniority = '', handle = '', lawful_basis = ''
where person_id in (select n.id from nameless n)
