"""People: enrolment, consent and encrypted templates."""
