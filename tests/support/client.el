;;; client.el --- Emacs as the client  -*- lexical-binding: t -*-

;; Opens the Dockerfile of the current folder with eglot, edits it, takes the safe fix of a finding, and saves. Prints one
;; line of JSON. It works with eglot 1.9, which is a package for Emacs 28, and needs no mode for Dockerfiles.

(require 'json)
(when (fboundp 'package-activate-all) (package-activate-all))
(require 'eglot)

(define-derived-mode dockerfile-mode prog-mode "Dockerfile")

(defvar client-out nil)

(defun client-tell (key value)
  (push (cons key value) client-out))

(defun client-await (what is)
  "Wait until IS gives something, and give that; WHAT names it."
  (let ((end (+ (float-time) 30)) found)
    (while (not (setq found (funcall is)))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05)
      ;; Nobody types here, so that nothing is ever idle: the findings are asked for.
      (flymake-start))
    found))

(defun client-finding (code)
  "The finding of flymake that has this CODE."
  (seq-find (lambda (found) (string-match-p (concat "\\_<" code "\\_>") (flymake-diagnostic-text found)))
            (flymake-diagnostics)))

(defun client-main ()
  (add-to-list 'eglot-server-programs
               `(dockerfile-mode . (,(getenv "LAYERWISE") "lsp" "--shellcheck" "off"
                                    :initializationOptions (:unsafeFixes t))))
  (setq eglot-confirm-server-initiated-edits nil)
  (find-file "Dockerfile")
  (dockerfile-mode)
  (let ((server (apply #'eglot--connect (eglot--guess-contact))) place)
    (client-await "findings" #'flymake-diagnostics)
    (client-tell 'first (length (flymake-diagnostics)))
    (setq place (flymake-diagnostic-beg (client-finding "LW105")))
    ;; A change in the middle, behind a character of two code units.
    (goto-char (point-min))
    (forward-line 1)
    (insert "# " (string #x1f600) " x\nMAINTAINER somebody\n")
    (eglot--signal-textDocument/didChange)
    (client-tell 'maintainer
                 (line-number-at-pos
                  (flymake-diagnostic-beg (client-await "the finding of a change" (lambda () (client-finding "DL4000"))))))
    (goto-char (point-min))
    (forward-line 1)
    (delete-region (point) (progn (forward-line 2) (point)))
    (eglot--signal-textDocument/didChange)
    ;; What flymake has of the text before is at places that may be none now.
    (let* ((found (client-await "the finding where it was"
                                (lambda ()
                                  (let ((found (client-finding "LW105")))
                                    (and found (not (client-finding "DL4000"))
                                         (= (flymake-diagnostic-beg found) place) found)))))
           (titles (lambda (actions) (vconcat (mapcar (lambda (action) (plist-get action :title)) actions))))
           (all (eglot-code-actions (point-min) (point-max) "source.fixAll.layerwise"))
           (fixes (eglot-code-actions (flymake-diagnostic-beg found) (flymake-diagnostic-end found) "quickfix"))
           (fix (seq-find (lambda (action) (eq (plist-get action :isPreferred) t)) fixes)))
      (client-tell 'all (funcall titles all))
      (client-tell 'fixes (funcall titles fixes))
      (eglot--apply-workspace-edit (plist-get fix :edit)))
    (eglot--signal-textDocument/didChange)
    (client-await "the end of the finding that was mended" (lambda () (not (client-finding "LW105"))))
    (save-buffer)
    ;; It kills the program if that does not end at once, so how it ends says nothing.
    (eglot-shutdown server)))

(condition-case problem (client-main)
  (error (client-tell 'error (error-message-string problem))))
(princ (concat (json-encode client-out) "\n"))

;;; client.el ends here
