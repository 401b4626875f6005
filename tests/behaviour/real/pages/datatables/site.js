new DataTable('#example', { pageLength: 2, order: [[2, 'desc']], lengthMenu: [2, 5, 10], responsive: true });
