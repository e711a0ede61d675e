"""Who we are: people, departments, roles, the numbers of the method, jobs and notices."""
