-- One row: whether an administrator exists or ever did.
select (select count(*) > 0 from set_up) or (select count(*) > 0 from users u where u.roles like '%admin%')
