"""The pages of the staff. A page is one module in pages/ and one template in templates/: see docs/console.md."""
