-- id: document-title-has-document
-- table: summits
-- severity: error
-- message: document_title_en is {document_title_en}, but document is {document}; name the kind of document, or remove the title
-- reason: Only a text that both sides issued has a title of its own.
SELECT summit_id, 'document_title_en' AS field, document_title_en, document
FROM summits
WHERE document_title_en IS NOT NULL
  AND (document IS NULL OR document IN ('none', 'separate_readouts', 'statements_side_by_side'))
ORDER BY summit_id
