;;; layerwise.el --- Read layerwise in compilation buffers  -*- lexical-binding: t -*-

;; Put it into your init file, or load it from there; then: M-x layerwise.

;;; Code:

(require 'compile)

(add-to-list 'compilation-error-regexp-alist-alist
             '(layerwise
               "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(info\\|style\\)\\)\\[\\([A-Za-z0-9]+\\)\\]: "
               1 2 3 (4 . 5)))
(add-to-list 'compilation-error-regexp-alist 'layerwise)

(defun layerwise ()
  "Check the Dockerfiles below the current folder."
  (interactive)
  (compile "layerwise --format short --color never"))

(provide 'layerwise)
;;; layerwise.el ends here
