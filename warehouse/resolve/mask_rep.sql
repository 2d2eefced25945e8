-- A rep who opted out has no name on any page; the address stays for signing in.
update rep
set name = 'A rep who opted out', title = '', region = ''
where rep_id in (select o.id from opt_out o where o.kind = 'rep')
