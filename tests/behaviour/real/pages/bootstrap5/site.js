(() => {
  'use strict'

  new bootstrap.Toast('#toast').show()
  new bootstrap.Tooltip('#tip', { animation: false }).show()
  flatpickr('#day', { inline: true, now: '2026-02-15' })
  new Choices('#country', { searchEnabled: false })
  document.querySelectorAll('.needs-validation').forEach(form => {
    form.classList.add('was-validated')
  })
})()
