// Written from functions/trigger/openapi.json by `npm run api`; change that and run it again.

export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells that the process lives */
        get: operations["get_liveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns what is counted, for Prometheus */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells whether the process can work
         * @description What it depends on is asked at most every two seconds.
         */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists docpacks that everybody may read
         * @description Of each repository its newest docpack; with `repo_url` all docpacks of that one.
         */
        get: operations["list_commons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to sign in a program that has no browser
         * @description The device flow of RFC 8628, for API keys. The program shows its user `verification_url` and `user_code`, and asks `POST /v1/devices/token` for its key every `interval_seconds`. The codes live for 15 minutes. An address can begin 20 times a minute.
         */
        post: operations["begin_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a program its API key once its user has approved
         * @description The key is made by this request, is named as the program called itself, and expires after 90 days. The device code is then used up: exactly one request gets a key.
         */
        post: operations["poll_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{user_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows which program asks to be signed in */
        get: operations["get_device"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{user_code}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a program act for the account
         * @description Approving twice is harmless.
         */
        post: operations["approve_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{user_code}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuses a program
         * @description This also takes back an approval, until the program has fetched its key.
         */
        post: operations["deny_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists docpacks, the newest first */
        get: operations["list_docpacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a docpack's manifest and counts */
        get: operations["get_docpack"];
        put?: never;
        post?: never;
        /**
         * Takes a docpack off the account's list
         * @description What others ordered stays with them. A docpack of a private repository is deleted, with what its jobs wrote. Ordering it again puts it back.
         */
        delete: operations["remove_docpack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answers a question with evidence
         * @description Returns passages of the documentation, the flow through the symbols that fit best, symbols with what their bodies do under which conditions, and statements of the tour: each with its file and line, ranked by words, by meaning where the pack has vectors and the server a model, and by the calls between them. Nothing is composed and no language model is asked. Where no item speaks of most of the question, `outcome` is `unknown` and the items are the nearest there are; `unknown_words` stand nowhere in the pack, and `lacks` names what the pack was built without.
         */
        get: operations["ask_docpack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/diff/{other_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compares two docpacks
         * @description From the first to the second: breaking changes, symbols, calls, groups, complexity and packages. Each list is cut at `limit`; `counts` is of everything.
         */
        get: operations["diff_docpacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the archive
         * @description The ETag is the docpack's id; one range of bytes may be asked for.
         */
        get: operations["download_docpack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/entries/{entry_path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns one entry of the archive
         * @description JSON entries are sent with `Content-Encoding: gzip` where the client takes it. An entry that goes on in parts is read part by part (`nodes.json`, `nodes.0001.json`, …); the manifest lists them.
         */
        get: operations["get_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link that opens a docpack to whoever has it
         * @description The link is in this answer only.
         */
        post: operations["create_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a link for ever */
        delete: operations["revoke_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/preview.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the picture that a link to the docpack shows
         * @description 1200 by 630 pixels: the name, the authors' sentence about it, languages, and the parts with what uses what. The same docpack has the same picture.
         */
        get: operations["get_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds symbols, files, folders and sections
         * @description Names come first: exact, exact ignoring case, the same letters, then names that begin with the query. After them come hits by words (BM25 over names, paths, signatures, documentation, summaries and source words) and, where the pack has vectors and the server a model, by meaning; `ranking` says what took part. A query that is one identifier has no meaning beyond its letters. Several values of a filter are separated by commas; filters other than `path` leave symbols only.
         */
        get: operations["search_docpack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/sharing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells who may read a docpack that the account ordered */
        get: operations["get_sharing"];
        put?: never;
        /**
         * Says who may read a docpack that the account ordered
         * @description `public`: everybody, and the commons list it; of a public repository that is so until its owner says otherwise. `unlisted`: whoever has a link. `private`: nobody else, and links open nothing. Each account that ordered the same docpack speaks for itself: one that shares it with everybody is enough.
         */
        post: operations["set_visibility"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docpacks/{docpack_id}/symbols/{symbol_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a symbol and its neighbours */
        get: operations["get_symbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists every stable code */
        get: operations["list_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/github/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes what GitHub tells its App
         * @description For GitHub alone: a body of at most 25 MB, signed with the App's webhook secret (`X-Hub-Signature-256`). The delivery is stored and answered at once; GitHub is asked how things are before anything is done. A delivery that comes again does nothing.
         */
        post: operations["receive_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists jobs, the newest first */
        get: operations["list_jobs"];
        put?: never;
        /**
         * Makes a job of a repository
         * @description Checks that the repository can be read and how large it is, then answers. A job of the same build that is not over is returned instead of a second one. A repository that cannot be read is refused with the code of the reader: `GET /v1/errors` lists those of the origin `source`.
         */
        post: operations["create_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells how far a job is */
        get: operations["get_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Agrees to what a job's summaries will cost
         * @description Approving the same estimate again is harmless.
         */
        post: operations["approve_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a job
         * @description A job that is over stays as it is.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows what happens for a job
         * @description With `Accept: text/event-stream` a stream: `id` is the cursor, `event` the type, `data` the envelope; a comment every 15 s keeps it alive, and it closes after `job.completed.v1`. A client that reconnects with `Last-Event-ID` misses nothing and sees nothing twice. With any other `Accept`, a page of at most `limit` events after `after`.
         */
        get: operations["get_job_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a job that is over once more
         * @description What was cached makes it cheap. Repeating it while the new job is not over returns the new job again.
         */
        post: operations["retry_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells whose account it is, its plan, and what of it is used */
        get: operations["get_me"];
        put?: never;
        post?: never;
        /**
         * Deletes the account
         * @description With it go its sessions, keys, private docpacks and orders, at once and for good. Docpacks of public repositories that others share stay, without a word of who asked for them.
         */
        delete: operations["delete_me"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/billing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells what the account pays for, and what is sold
         * @description Stripe is asked, at most every five seconds for an account. Usage is part of `GET /v1/me`.
         */
        get: operations["get_billing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/billing/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to pay for a plan
         * @description The browser is to go to the page at Stripe. The plan changes when Stripe says that it was paid for, not when the browser comes back.
         */
        post: operations["begin_checkout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/billing/portal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens the page on which a subscription is changed or ended */
        post: operations["open_portal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists API keys, the newest first */
        get: operations["list_keys"];
        put?: never;
        /**
         * Makes an API key
         * @description The key is in this answer only: what is kept cannot be turned back into it.
         */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/keys/this": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes the key that the request was sent with */
        get: operations["get_this_key"];
        put?: never;
        post?: never;
        /**
         * Revokes the key that the request was sent with, for ever
         * @description So a program can sign itself out.
         */
        delete: operations["revoke_this_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an API key for ever */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the people who may use the account besides its owner */
        get: operations["list_members"];
        put?: never;
        /**
         * Lets somebody use the account
         * @description A member sees and orders what the owner does, with the parameter `account`; keys, sessions, members and the account itself stay the owner's. Whoever is added must have signed in once.
         */
        post: operations["add_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/members/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a member off the account */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/memberships/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Leaves somebody else's account */
        delete: operations["leave_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the newest 100 messages about the account's jobs
         * @description Messages are kept for a month.
         */
        get: operations["list_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/messages/{message_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message again */
        post: operations["resend_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells which ends of jobs are told by e-mail */
        get: operations["get_notifications"];
        put?: never;
        /**
         * Chooses which ends of jobs are told by e-mail
         * @description E-mail goes to the address that GitHub named when the owner last signed in.
         */
        post: operations["set_notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the repositories that are built at every push
         * @description Those that the GitHub App is installed on: the account's own, and those of organisations where its owner installed the App.
         */
        get: operations["list_repositories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/repositories/{repository_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Says which branches of a repository are built, and how pushes are answered
         * @description Nothing is written to the repository. The chosen branches are looked at at once.
         */
        post: operations["choose_branches"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/repositories/{repository_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Looks at a repository as if it had just been pushed to
         * @description For a push that GitHub did not deliver, or whose job failed. It counts as a job.
         */
        post: operations["rebuild_repository"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what the account has built again by itself */
        get: operations["list_schedules"];
        put?: never;
        /**
         * Has a repository built again by itself
         * @description A repository and branch have one schedule; setting it again changes it. `nightly` and `weekly` build between midnight and five in the morning, UTC, unless nothing was committed since; `tag` looks once an hour for a tag of a higher version than any before, and builds it. Each build is one of the account's jobs. An account has at most 100 schedules.
         */
        post: operations["set_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a schedule */
        delete: operations["remove_schedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the browsers that are signed in, the newest first */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs a browser out */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a new secret that messages are signed with
         * @description For a day, messages carry a second signature with the secret before it.
         */
        post: operations["renew_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the addresses that are told how jobs ended */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Adds an address that is told how jobs ended
         * @description Messages follow Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, where each signature is `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY`. An answer of 2xx within 15 seconds ends a message; anything else is tried again after 10 s, 1 min, 5 min, 30 min, 1 h, 2 h, 6 h and 12 h. Redirects count as failures, and 410 ends the webhook. The same event may arrive twice: `webhook-id` tells. An account has at most 10 webhooks.
         */
        post: operations["add_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a webhook, and gives up what was still to be sent there */
        delete: operations["remove_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the event `ping` to a webhook */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns this document */
        get: operations["get_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends a browser to GitHub to sign in
         * @description GitHub is told which App asks. The App can read repositories at most, never change them.
         */
        get: operations["begin_sign_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Takes a browser back from GitHub
         * @description Each way to GitHub leads back once, within ten minutes, in the browser that began it. A session that the browser had before ends.
         */
        get: operations["finish_sign_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session of this browser */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stripe/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes an event of Stripe's
         * @description The header `Stripe-Signature` signs the body. An event only says whom to ask Stripe about, so it may come in any order and several times.
         */
        post: operations["take_stripe_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the repositories that the caller withdrew, the newest first */
        get: operations["list_withdrawals"];
        put?: never;
        /**
         * Withdraws a repository of the caller
         * @description GitHub must name the caller as its owner or as one who may administer it. Nobody can find, open or download its docpacks until it is given back, whoever ordered them. Repeating it is harmless.
         */
        post: operations["withdraw_repository"];
        /** Gives back a repository that the caller withdrew */
        delete: operations["reinstate_repository"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A reference with several possible targets. */
        AmbiguousCall: {
            candidates: components["schemas"]["PossibleTarget"][];
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
            name: string;
        };
        /** @description Evidence for an answer, ranked. */
        Answer: {
            /** @description Items of one kind stand together, the best first; the kind whose best item fits best comes first, statements last. */
            items: components["schemas"]["AskItem"][];
            /** @description What the pack was built without, where it could have held an answer. */
            lacks: components["schemas"]["AskLack"][];
            outcome: components["schemas"]["AskOutcome"];
            question: string;
            /** @description Words of the question that stand nowhere in the pack, as they were typed. */
            unknown_words: string[];
        };
        /** @description One exported symbol that changed. */
        ApiChange: {
            /** @description In the newer pack; absent if it is gone. */
            after?: components["schemas"]["SymbolRef"] | null;
            /** @description In the older pack; absent if it is new. */
            before?: components["schemas"]["SymbolRef"] | null;
            /** @description The name by which users reach it. */
            name: string;
            /** @description Why, the worst first. */
            reasons: components["schemas"]["VerdictReason"][];
            /** @description The worst of its reasons. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description What users of the code notice. */
        ApiChanges: {
            /** @description Breaking changes first, then by name. */
            changes: components["schemas"]["ApiChange"][];
            /** @description The worst verdict; absent if nothing changed. */
            verdict?: components["schemas"]["Verdict"] | null;
        };
        /** @description A key without its secret. */
        ApiKeySummary: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            id: string;
            name: string;
            /** @description How the key begins. */
            prefix: string;
            revoked_at?: components["schemas"]["Timestamp"] | null;
            scopes: string[];
            /** @description To the minute; null before its first use. */
            used_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description All keys of an account. */
        ApiKeys: {
            items: components["schemas"]["ApiKeySummary"][];
        };
        /** @description Agrees to an estimate. */
        ApproveRequest: {
            /**
             * @description Digest of the estimate that was read; refused where the job has another.
             * @default null
             */
            estimate_digest?: string | null;
            /**
             * Format: uint64
             * @description Most that may be spent; without it what the estimate says at most.
             * @default null
             */
            limit_micro_usd?: number | null;
        };
        /** @description One piece of evidence. */
        AskItem: {
            file_path: string;
            kind: components["schemas"]["AskItemKind"];
            /**
             * Format: uint32
             * @description Steps that are left out.
             */
            left_out: number;
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
            /** @description The authors' own words. */
            quote?: components["schemas"]["Quote"] | null;
            /**
             * Format: double
             * @description Comparable within one answer.
             */
            score: number;
            /** @description Of a flow or a body, in the order in which they run; those that fit the question best. */
            steps: components["schemas"]["FlowStep"][];
            symbol_id?: components["schemas"]["SymbolId"] | null;
            symbol_kind?: components["schemas"]["SymbolKind"] | null;
            /** @description What was computed: a statement of the tour, or a symbol's signature where there is nothing else to say. */
            text?: string | null;
            /** @description A symbol's name, the headings above a passage, or the topic of a statement. */
            title: string;
            /** @description Words of the question that it holds. */
            words: string[];
        };
        /** @description What a piece of evidence is. */
        AskItemKind: "passage" | "flow" | "symbol" | "statement";
        /** @description Something that a pack can lack. */
        AskLack: "bodies" | "tour" | "source";
        /** @description Whether the evidence carries an answer. */
        AskOutcome: "evidence" | "unknown";
        /** @description A cluster was found and labelled. */
        AssemblyClusterCreated: {
            cluster_id: string;
            label: string;
            /** Format: uint64 */
            n_members: number;
        };
        /** @description Assembly ended. */
        AssemblyCompleted: {
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_clusters: number;
            /** Format: uint64 */
            n_edges: number;
            /** Format: uint64 */
            n_shards: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description The graph is whole. */
        AssemblyGraphCompleted: {
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_edges: number;
            /** Format: uint64 */
            n_nodes: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description Assembly began. */
        AssemblyStarted: {
            /** Format: uint64 */
            n_symbols: number;
            /** Format: uint64 */
            n_vectors: number;
        };
        /** @description What an account bought. Amounts are in the smallest unit of their currency. */
        Billing: {
            /** @description Payments that were refunded or disputed, the newest first. */
            changed_payments: components["schemas"]["PaymentSummary"][];
            /** @description The newest 24. */
            invoices: components["schemas"]["InvoiceSummary"][];
            /** @description Whether Stripe answered just now; otherwise all is as of the last look, without invoices. */
            is_current: boolean;
            /** @description Whether there is anything to manage at Stripe. */
            is_customer: boolean;
            /** @description What is sold. */
            offers: components["schemas"]["Offer"][];
            /** @description The plan that the account has: the better one of what is paid for and of what the operator gave. */
            plan: string;
            /** @description The newest first, those that are over included. */
            subscriptions: components["schemas"]["SubscriptionSummary"][];
        };
        /** @description A page at Stripe that a browser is to be sent to. */
        BillingPage: {
            url: string;
        };
        BodyDigest: string;
        /** @description How a docpack is made; every field has a default. */
        BuildOptions: {
            /** @description Whether generation waits until its estimate is approved; no output depends on it. */
            approve?: boolean;
            /** @default communities */
            clustering?: components["schemas"]["Clustering"];
            /**
             * @description Whether the pack holds what each summary was written from.
             * @default false
             */
            contexts?: boolean;
            /** @description What turns chunks into vectors; without it, what the machine that builds prefers. */
            embedder?: components["schemas"]["EmbedderName"] | null;
            /**
             * @description Whether chunks become vectors; without them nothing is related by meaning.
             * @default true
             */
            embeddings?: boolean;
            /**
             * @description No file that matches one of these globs.
             * @default []
             */
            exclude?: string[];
            /**
             * @description Branch, tag or commit; the repository's default branch without it.
             * @default null
             */
            git_ref?: string | null;
            /**
             * @description Only files that match one of these globs; every file when empty.
             * @default []
             */
            include?: string[];
            /**
             * @description Also what is taken for vendored, generated or minified code, build output or a lock file.
             * @default false
             */
            keep_all?: boolean;
            /**
             * @default {
             *       "max_decompressed_bytes": 2147483648,
             *       "max_download_bytes": 1000000000,
             *       "max_entries": 200000,
             *       "max_file_bytes": 1000000,
             *       "max_files": 100000,
             *       "max_ratio": 200,
             *       "max_total_bytes": 100000000
             *     }
             */
            limits?: components["schemas"]["Limits"];
            /** @default int8 */
            precision?: components["schemas"]["Precision"];
            /** @description Who writes summaries; without it they are taken from the source. */
            prose?: components["schemas"]["ProseOptions"] | null;
            /** @description Whether the pack holds the text of the files that were read, secrets masked. */
            source?: boolean;
            /** @description How the pack holds vectors. */
            vectors?: components["schemas"]["VectorFormat"];
        };
        /** @description A branch that is built. */
        BuiltBranch: {
            /** @description When that job was over. */
            built_at?: components["schemas"]["Timestamp"] | null;
            /** @description The commit that the last job read. */
            commit_hash?: string | null;
            /** @description The docpack of that commit; null where the job failed or the docpack was deleted. */
            docpack_id?: string | null;
            /** @description The job that runs now. */
            job_id?: string | null;
            name: string;
            /** @description A stable word: a phase, `building`, `unchanged`, or the code of why nothing is built. */
            outcome?: string | null;
        };
        /** @description Bytes of a file, 0-based and half-open. */
        ByteRange: {
            /**
             * Format: uint32
             * @description The byte past the last.
             */
            end: number;
            /**
             * Format: uint32
             * @description The first byte.
             */
            start: number;
        };
        /** @description A call in both packs whose confidence changed. */
        CallChange: {
            /** @description In the newer pack. */
            after: components["schemas"]["ComparedCall"];
            /** @description In the older pack. */
            before: components["schemas"]["ComparedCall"];
        };
        /** @description Calls between symbols that came, went or changed their confidence. */
        CallChanges: {
            /** @description Only in the newer pack. */
            added: components["schemas"]["ComparedCall"][];
            /** @description Certain before; now one of several possible targets. */
            became_ambiguous: components["schemas"]["ComparedCall"][];
            /** @description One of several possible targets before; now certain. */
            became_certain: components["schemas"]["ComparedCall"][];
            /** @description In both with another confidence. */
            confidence: components["schemas"]["CallChange"][];
            /** @description Only in the older pack, without those that became ambiguous. */
            removed: components["schemas"]["ComparedCall"][];
            /** @description Calls to unknown targets or to values, only in the newer pack. */
            unresolved_added: components["schemas"]["UnresolvedCall"][];
            /** @description The same, only in the older pack. */
            unresolved_removed: components["schemas"]["UnresolvedCall"][];
        };
        /** @description Counts of calls by what became of them. */
        CallTotals: {
            /**
             * Format: uint32
             * @description Those with several possible targets.
             */
            n_ambiguous: number;
            /**
             * Format: uint32
             * @description Calls that are edges, lead out of the repository, or have several targets.
             */
            n_calls: number;
            /**
             * Format: uint32
             * @description Those of a package or the language.
             */
            n_external: number;
            /**
             * Format: uint32
             * @description Those that are edges.
             */
            n_resolved: number;
            /**
             * Format: uint32
             * @description Those of a value or an unknown name.
             */
            n_unresolved: number;
        };
        /** @description What a comparison comes to. */
        ChangeCounts: {
            /**
             * Format: uint
             * @description Changes that may break code that uses the repository.
             */
            breaking: number;
            /**
             * Format: uint
             * @description Calls only in the newer pack.
             */
            calls_added: number;
            /**
             * Format: uint
             * @description Calls that were certain and are not any more.
             */
            calls_became_ambiguous: number;
            /**
             * Format: uint
             * @description Calls only in the older pack.
             */
            calls_removed: number;
            /**
             * Format: uint
             * @description Changes that break nothing.
             */
            compatible: number;
            /**
             * Format: uint
             * @description Packages that were not called before.
             */
            packages_added: number;
            /**
             * Format: uint
             * @description Exported symbols with another signature.
             */
            signatures_changed: number;
            /**
             * Format: uint
             * @description Symbols only in the newer pack.
             */
            symbols_added: number;
            /**
             * Format: uint
             * @description Symbols with another name or place.
             */
            symbols_moved: number;
            /**
             * Format: uint
             * @description Symbols only in the older pack.
             */
            symbols_removed: number;
            /**
             * Format: uint
             * @description Symbols of both packs with other code.
             */
            symbols_rewritten: number;
            /**
             * Format: uint
             * @description Changes that cannot be judged from a signature.
             */
            unknown: number;
            /**
             * Format: uint
             * @description Calls to unknown targets that were not there before.
             */
            unresolved_added: number;
        };
        /** @description Everything that changed between two packs. */
        Changes: {
            /** @description Calls won and lost. */
            calls: components["schemas"]["CallChanges"];
            /** @description Callables that became simpler or more complex. */
            complexity: components["schemas"]["ComplexityChange"][];
            /** @description References between folders that became more or fewer. */
            coupling: components["schemas"]["CouplingChange"][];
            /** @description Groups of symbols that came, went or changed. */
            groups: components["schemas"]["GroupChange"][];
            /** @description What became of the calls, for each language whose counts changed. */
            languages: components["schemas"]["LanguageCalls"][];
            /** @description Packages that are called in one version only. */
            packages: components["schemas"]["PackageChange"][];
            /** @description Signatures of exported symbols that changed. */
            signatures: components["schemas"]["SignatureChange"][];
            /** @description Symbols that came, went, moved or were rewritten. */
            symbols: components["schemas"]["SymbolChanges"];
        };
        /** @description One thing that the process needs. */
        Check: {
            /** @description What is wrong with it. */
            detail?: string | null;
            /** @description `store`, `ledger` or `intake`. */
            name: string;
            ok: boolean;
        };
        /** @description What is to be bought. */
        CheckoutRequest: {
            /** @description The price of an offer. */
            price: string;
        };
        /** @description The pack id as a checksum. */
        Checksum: {
            /** @description `sha256`. */
            algorithm: string;
            /** @description Equal to `docpack_id`. */
            value: components["schemas"]["Digest"];
        };
        ClusterId: string;
        /** @description The cluster of a symbol. */
        ClusterName: {
            cluster_id: string;
            label: string;
        };
        /** @description How symbols are grouped. */
        Clustering: ("kmeans" | "hdbscan") | "communities";
        /** @description A call from one symbol to another. */
        ComparedCall: {
            /** @description Caller and called symbol are in both packs, so an existing function calls something else than before. */
            between_known: boolean;
            /**
             * Format: double
             * @description How sure it is, 0 to 1.
             */
            confidence: number;
            /** @description The caller. */
            from: components["schemas"]["SymbolRef"];
            /** @description The called symbol. */
            to: components["schemas"]["SymbolRef"];
        };
        /** @description Which pack was compared. */
        ComparedVersion: {
            /** @description The commit that was read. */
            commit_hash?: string | null;
            /** @description The pack's id. */
            docpack_id: components["schemas"]["Digest"];
            /** @description The branch or tag that was asked for. */
            git_ref?: string | null;
            /**
             * Format: uint64
             * @description How many symbols it has.
             */
            n_symbols: number;
            /** @description The repository, where one is known. */
            repo_url?: string | null;
        };
        /**
         * @description How something ended.
         * @enum {string}
         */
        CompletionStatus: "success" | "partial" | "failed";
        /** @description How hard a callable is to follow. */
        Complexity: {
            /**
             * Format: uint32
             * @description Decisions weighted by how deep they nest.
             */
            cognitive: number;
            /**
             * Format: uint32
             * @description Paths through the body: decisions and one.
             */
            cyclomatic: number;
        };
        /** @description A callable whose complexity changed. */
        ComplexityChange: {
            /** @description In the newer pack. */
            after: components["schemas"]["SymbolRef"];
            /** @description In the older pack. */
            before: components["schemas"]["SymbolRef"];
            /** @description Decisions weighted by their depth in the older and the newer pack. */
            cognitive: [
                number,
                number
            ];
            /** @description Paths through the body in the older and the newer pack. */
            cyclomatic: [
                number,
                number
            ];
        };
        /** @description What the job is about. */
        Context: {
            git_ref?: string | null;
            owner: string;
            /** @description The repository's address; null for a local folder or archive. */
            repo_url?: string | null;
        };
        /** @description References from one folder to another. */
        CouplingChange: {
            /**
             * Format: uint32
             * @description References in the newer pack.
             */
            after: number;
            /**
             * Format: uint32
             * @description References in the older pack.
             */
            before: number;
            /** @description The folder that refers. */
            from: string;
            /** @description The folder that is referred to. */
            to: string;
        };
        /** @description The codes of a request to be signed in. */
        DeviceCodes: {
            /** @description The program's own secret, with which it asks for its key. */
            device_code: string;
            expires_at: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description Least time between two requests for the key.
             */
            interval_seconds: number;
            /** @description What the user types, such as `BCDF-GHJK`. */
            user_code: string;
            /** @description Where the user types it. */
            verification_url: string;
            /** @description The same page with the code filled in. */
            verification_url_complete: string;
        };
        /** @description A program that asks to be signed in. */
        DeviceRequest: {
            /** @description What the program calls itself, such as `doctown on my-laptop`: 1 to 100 characters. */
            client_name: string;
            /** @description What its key may do: at least one of `jobs:read`, `jobs:write`, `packs:read` and `packs:write`. */
            scopes: string[];
        };
        /** @description A program that waits, as its user sees it before deciding. */
        DeviceSummary: {
            /** @description What the program calls itself; nobody has checked it. */
            client_name: string;
            expires_at: components["schemas"]["Timestamp"];
            requested_at: components["schemas"]["Timestamp"];
            scopes: string[];
            user_code: string;
        };
        /** @description A program that asks for its key. */
        DeviceTokenRequest: {
            device_code: string;
        };
        /** @description What changed from one docpack to another. */
        Difference: {
            /** @description The newer pack. */
            after: components["schemas"]["ComparedVersion"];
            /** @description What users of the code notice, with a verdict. */
            api: components["schemas"]["ApiChanges"];
            /** @description The older pack. */
            before: components["schemas"]["ComparedVersion"];
            /** @description Everything that changed. */
            changes: components["schemas"]["Changes"];
            /** @description How much of everything there is, whatever was cut. */
            counts: components["schemas"]["ChangeCounts"];
            /** @description Whether a list was cut. */
            is_cut: boolean;
        };
        Digest: string;
        /** @description A docpack with its manifest. */
        Docpack: {
            commit_hash?: string | null;
            /** @description When it was made; the commit's time where the job was forgotten. */
            created_at: components["schemas"]["Timestamp"];
            /** @description `sha256:` and 64 hex digits. */
            docpack_id: string;
            git_ref?: string | null;
            /** @description The job that made it; null where the job was forgotten. */
            job_id?: string | null;
            links: components["schemas"]["DocpackLinks"];
            manifest: components["schemas"]["Manifest"];
            /** @description The repository's own name. */
            name: string;
            owner: string;
            repo_url?: string | null;
            /**
             * Format: uint64
             * @description Of the archive.
             */
            size_bytes: number;
            statistics: components["schemas"]["Statistics"];
            status: components["schemas"]["DocpackStatus"];
            /** @description Who besides the caller may read it, in lists of what an account ordered; null elsewhere. */
            visibility?: components["schemas"]["VisibilityWord"] | null;
        };
        /** @description Paths of what belongs to a docpack. */
        DocpackLinks: {
            download: string;
            /** @description Followed by an entry's path, such as `nodes.json`. */
            entries: string;
            job?: string | null;
            /** @description The picture that links to the docpack show. */
            preview: string;
            search: string;
            self: string;
            /** @description Followed by a symbol's id. */
            symbols: string;
        };
        /** @description Whether a docpack holds all that was asked for. */
        DocpackStatus: "completed" | "partial";
        /** @description A docpack in a list. */
        DocpackSummary: {
            commit_hash?: string | null;
            /** @description When it was made; the commit's time where the job was forgotten. */
            created_at: components["schemas"]["Timestamp"];
            /** @description `sha256:` and 64 hex digits. */
            docpack_id: string;
            git_ref?: string | null;
            /** @description The job that made it; null where the job was forgotten. */
            job_id?: string | null;
            links: components["schemas"]["DocpackLinks"];
            /** @description The repository's own name. */
            name: string;
            owner: string;
            repo_url?: string | null;
            /**
             * Format: uint64
             * @description Of the archive.
             */
            size_bytes: number;
            statistics: components["schemas"]["Statistics"];
            status: components["schemas"]["DocpackStatus"];
            /** @description Who besides the caller may read it, in lists of what an account ordered; null elsewhere. */
            visibility?: components["schemas"]["VisibilityWord"] | null;
        };
        /** @description A summary and what it rests on. */
        Documentation: {
            /** @description What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like. */
            evidence: string[];
            /** @description `model` or `extractive`. */
            source: string;
            /** @description The sentences. */
            summary: string;
            /** @description `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked. */
            verdict: string;
        };
        EdgeKind: string;
        /** @description What turns chunks into vectors. */
        EmbedderName: "static" | "minilm";
        /** @description A batch came back from the model. */
        EmbeddingBatchCompleted: {
            /** Format: uint64 */
            batch_idx: number;
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_chunks: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description A batch was handed to the model. */
        EmbeddingBatchStarted: {
            /** Format: uint64 */
            batch_idx: number;
            /** Format: uint64 */
            n_chunks: number;
        };
        /** @description Vectors are there; several chunks share one event. */
        EmbeddingChunkVector: {
            chunk_ids: string[];
            /** Format: uint64 */
            n_chunks: number;
        };
        /** @description A shard's embedding ended. */
        EmbeddingCompleted: {
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_cached: number;
            /** Format: uint64 */
            n_chunks: number;
            /** Format: uint64 */
            n_tokens: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description The model that made the vectors. */
        EmbeddingModel: {
            /** @description Over the model's weights. */
            digest: components["schemas"]["Digest"];
            /**
             * Format: uint32
             * @description Longer texts are cut here.
             */
            max_tokens: number;
            /** @description The model. */
            name: string;
            /** @description Vectors have length 1. */
            normalized: boolean;
            /** @description How token vectors become one: `mean`. */
            pooling: string;
            /** @description `fp32` or `int8`. */
            precision: string;
            /** @description What computed: `cpu` or `cuda`. */
            provider: string;
            /** @description The version of the library that computed. */
            runtime_version: string;
        };
        /** @description A shard's embedding began. */
        EmbeddingStarted: {
            /** Format: uint64 */
            n_chunks: number;
        };
        /** @description One entry as the manifest knows it. */
        EntryDigest: {
            /**
             * Format: uint64
             * @description Uncompressed size.
             */
            bytes: number;
            /** @description The entry's path in the archive. */
            path: string;
            /** @description Over the uncompressed bytes, 64 hex digits. */
            sha256: string;
        };
        /** @description One event with what is needed to understand it alone. */
        Envelope: {
            context: components["schemas"]["Context"];
            /** @description Always `application/json`. */
            datacontenttype: string;
            /** @description `job/stage/unit/try/n`. */
            id: string;
            meta: components["schemas"]["Meta"];
            /** @description Always `doctown`. */
            source: string;
            /** @description Always `1.0`. */
            specversion: string;
            /** @description `job/stage/unit`. */
            subject: string;
            time: components["schemas"]["Timestamp"];
        } & ({
            data: components["schemas"]["JobCreated"];
            /** @constant */
            type: "job.created.v1";
        } | {
            data: components["schemas"]["JobPhaseChanged"];
            /** @constant */
            type: "job.phase_changed.v1";
        } | {
            data: components["schemas"]["IngestStarted"];
            /** @constant */
            type: "ingest.started.v1";
        } | {
            data: components["schemas"]["IngestFileDetected"];
            /** @constant */
            type: "ingest.file_detected.v1";
        } | {
            data: components["schemas"]["IngestFileSkipped"];
            /** @constant */
            type: "ingest.file_skipped.v1";
        } | {
            data: components["schemas"]["IngestFilePartlyRead"];
            /** @constant */
            type: "ingest.file_partly_read.v1";
        } | {
            data: components["schemas"]["IngestChunkCreated"];
            /** @constant */
            type: "ingest.chunk_created.v1";
        } | {
            data: components["schemas"]["IngestCompleted"];
            /** @constant */
            type: "ingest.completed.v1";
        } | {
            data: components["schemas"]["EmbeddingStarted"];
            /** @constant */
            type: "embedding.started.v1";
        } | {
            data: components["schemas"]["EmbeddingBatchStarted"];
            /** @constant */
            type: "embedding.batch_started.v1";
        } | {
            data: components["schemas"]["EmbeddingChunkVector"];
            /** @constant */
            type: "embedding.chunk_vector.v1";
        } | {
            data: components["schemas"]["EmbeddingBatchCompleted"];
            /** @constant */
            type: "embedding.batch_completed.v1";
        } | {
            data: components["schemas"]["EmbeddingCompleted"];
            /** @constant */
            type: "embedding.completed.v1";
        } | {
            data: components["schemas"]["AssemblyStarted"];
            /** @constant */
            type: "assembly.started.v1";
        } | {
            data: components["schemas"]["AssemblyClusterCreated"];
            /** @constant */
            type: "assembly.cluster_created.v1";
        } | {
            data: components["schemas"]["AssemblyGraphCompleted"];
            /** @constant */
            type: "assembly.graph_completed.v1";
        } | {
            data: components["schemas"]["AssemblyCompleted"];
            /** @constant */
            type: "assembly.completed.v1";
        } | {
            data: components["schemas"]["GenerationStarted"];
            /** @constant */
            type: "generation.started.v1";
        } | {
            data: components["schemas"]["GenerationBatch"];
            /** @constant */
            type: "generation.batch.v1";
        } | {
            data: components["schemas"]["GenerationSymbolDocumented"];
            /** @constant */
            type: "generation.symbol_documented.v1";
        } | {
            data: components["schemas"]["GenerationCompleted"];
            /** @constant */
            type: "generation.completed.v1";
        } | {
            data: components["schemas"]["PackStarted"];
            /** @constant */
            type: "pack.started.v1";
        } | {
            data: components["schemas"]["PackCompleted"];
            /** @constant */
            type: "pack.completed.v1";
        } | {
            data: components["schemas"]["UnitTryLost"];
            /** @constant */
            type: "unit.try_lost.v1";
        } | {
            data: components["schemas"]["JobCompleted"];
            /** @constant */
            type: "job.completed.v1";
        });
        /** @description A code and what to do about it. */
        ErrorCode: {
            code: string;
            /** @description What to do about it. */
            help: string;
            origin: components["schemas"]["Origin"];
            /**
             * Format: uint16
             * @description The answer's status where a request is refused with this code; null for what only jobs end with.
             */
            status?: number | null;
            /** @description What it means, in a few words. */
            title: string;
        };
        /** @description Every stable code. */
        ErrorCodes: {
            /** @description By code. */
            items: components["schemas"]["ErrorCode"][];
        };
        /** @description What an estimate rests on. */
        EstimateBasis: "size" | "graph";
        /** @description Events that follow each other. */
        EventPage: {
            events: components["schemas"]["StreamedEvent"][];
            /** @description The last event was `job.completed.v1`: nothing will follow. */
            is_over: boolean;
            /** @description To be given as `after` next time; null before the first event. */
            next?: string | null;
        };
        Evidence: string;
        /** @description One wrong field. */
        FieldProblem: {
            detail: string;
            /** @description JSON pointer into the body, or the parameter's name. */
            pointer: string;
        };
        /** @description One step of a flow. */
        FlowStep: {
            /** @description Under which conditions, from the outermost to the innermost. */
            condition?: string | null;
            /**
             * Format: uint32
             * @description 0 in the callable that the flow starts from.
             */
            depth: number;
            /** @description Of that callable. */
            file_path: string;
            /** @description What sort of step it is. */
            kind: components["schemas"]["FlowStepKind"];
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
            /** @description What the author says of the called symbol. */
            quote?: components["schemas"]["Quote"] | null;
            /** @description The callable in which the step stands. */
            symbol_id: components["schemas"]["SymbolId"];
            /** @description The called symbol. */
            target_id?: components["schemas"]["SymbolId"] | null;
            /** @description What happens. */
            text: string;
        };
        FlowStepKind: string;
        /** @description What a check does not accept. */
        Gate: "api" | "calls" | "quality";
        /** @description Where a batch of questions stands at the model's provider. */
        GenerationBatch: {
            batch: string;
            /** Format: uint64 */
            n_answered: number;
            /** Format: uint64 */
            n_failed: number;
            /** Format: uint64 */
            n_requests: number;
        };
        /** @description A shard's summaries ended. */
        GenerationCompleted: {
            /**
             * Format: uint64
             * @description Price of the tokens in millionths of a US dollar; 0 without a model.
             */
            cost_micro_usd: number;
            /** Format: uint64 */
            duration_ms: number;
            /**
             * Format: uint64
             * @description Replies that were kept from before.
             */
            n_cached: number;
            /**
             * Format: uint64
             * @description Requests that brought no answer.
             */
            n_errors: number;
            /**
             * Format: uint64
             * @description Requests to a model, those repeated included.
             */
            n_requests: number;
            /** Format: uint64 */
            n_symbols: number;
            /** Format: uint64 */
            n_tokens: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description A shard's summaries began. */
        GenerationStarted: {
            /** Format: uint64 */
            n_symbols: number;
        };
        /** @description Symbols were put into words; several share one event. */
        GenerationSymbolDocumented: {
            /**
             * Format: uint64
             * @description Of the unit so far, in millionths of a US dollar.
             */
            cost_micro_usd: number;
            /** Format: uint64 */
            n_symbols: number;
            /**
             * Format: uint64
             * @description Of the unit so far; 0 without a model.
             */
            n_tokens: number;
            symbol_ids: string[];
        };
        /** @description The program that made the pack. */
        Generator: {
            /** @description The program. */
            name: string;
            /** @description Its version. */
            version: string;
        };
        /** @description A group that is in one pack only, or in both with other members or another label. */
        GroupChange: {
            /** @description Its label in the newer pack; absent if it is gone. */
            after?: string | null;
            /** @description Its label in the older pack; absent if it is new. */
            before?: string | null;
            /**
             * Format: uint32
             * @description Members in the newer pack.
             */
            n_after: number;
            /**
             * Format: uint32
             * @description Members in the older pack.
             */
            n_before: number;
            /**
             * Format: uint32
             * @description Members that joined.
             */
            n_joined: number;
            /**
             * Format: uint32
             * @description Members that left.
             */
            n_left: number;
            /**
             * Format: double
             * @description Share of the members that both have, 0 to 1.
             */
            overlap: number;
        };
        /** @description The process lives. */
        Health: {
            /** @description Always `ok`. */
            status: string;
            version: string;
        };
        /** @description Chunks were cut; they share one shard. */
        IngestChunkCreated: {
            /** Format: uint64 */
            n_chunks: number;
            /** @description The unit that will embed them; null for chunks that are not embedded. */
            shard?: string | null;
        };
        /** @description Ingest ended. */
        IngestCompleted: {
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_chunks: number;
            /** Format: uint64 */
            n_files: number;
            /** Format: uint64 */
            n_shards: number;
            /** Format: uint64 */
            n_skipped: number;
            /** Format: uint64 */
            n_symbols: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description Files were read and parsed; several files may share one event. */
        IngestFileDetected: {
            /** @description The last of them. */
            file_path: string;
            /** Format: uint64 */
            n_files: number;
            /** Format: uint64 */
            n_symbols: number;
        };
        /** @description Something of a file was not read; the rest of it was. A try tells of the first 500 such files. */
        IngestFilePartlyRead: {
            /** @description Why: `syntax_error`, or a limit such as `too_many_symbols`. */
            code: string;
            file_path: string;
            /**
             * Format: uint32
             * @description 1-based, of the first place; null where no line can be told.
             */
            line?: number | null;
            /**
             * Format: uint64
             * @description How many places; 1 for what concerns the file as a whole.
             */
            n_places: number;
        };
        /** @description A file was left out. */
        IngestFileSkipped: {
            file_path: string;
            reason: string;
        };
        /** @description Ingest began to read the source. */
        IngestStarted: {
            commit_hash?: string | null;
            /**
             * Format: uint64
             * @description What is known before reading, where the source tells.
             */
            size_bytes?: number | null;
        };
        /** @description Repositories that the GitHub App is installed on for an account, by name. */
        InstalledRepositories: {
            /** @description Where the App is installed on more repositories; null if GitHub gives no answer. */
            install_url?: string | null;
            items: components["schemas"]["RepositorySummary"][];
        };
        /** @description An invoice. */
        InvoiceSummary: {
            created_at: components["schemas"]["Timestamp"];
            currency: string;
            number?: string | null;
            /** @description Where it is shown and paid. */
            page_url?: string | null;
            pdf_url?: string | null;
            /** @description Stripe's word, such as `paid` or `open`. */
            status?: string | null;
            /** Format: int64 */
            total: number;
        };
        /** @description How far a job is, and what became of it. */
        Job: {
            /** @description When waiting for approval ends by itself, and summaries are taken from the source. */
            approval_expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description The commit that is read; null until it is known, and for what has none. */
            commit_hash?: string | null;
            completed_at?: components["schemas"]["Timestamp"] | null;
            /** @description What the job took; null until it is over. */
            cost?: components["schemas"]["JobCost"] | null;
            /**
             * Format: uint64
             * @description What the job cost, in millionths of a US dollar; null until it is over.
             */
            cost_micro_usd?: number | null;
            created_at: components["schemas"]["Timestamp"];
            /** @description When the job fails if it is not over. */
            deadline: components["schemas"]["Timestamp"];
            docpack_id?: string | null;
            /**
             * Format: uint64
             * @description From submission to the end; null until then.
             */
            duration_ms?: number | null;
            error?: components["schemas"]["JobFailure"] | null;
            /** @description Why the job failed. */
            error_code?: string | null;
            /** @description What a language model will take; null until the graph is there. */
            estimate?: components["schemas"]["JobEstimate"] | null;
            /** @description The ref that was asked for beside the address; null for the one that the address names, or the default branch. */
            git_ref?: string | null;
            /** @description Whether nothing was asked for but the repository and its ref: all that the pack depends on is at its default. */
            has_default_options: boolean;
            /** @description Whether the phase is a last one. */
            is_over: boolean;
            job_id: string;
            links: components["schemas"]["JobLinks"];
            /** @description Optional work that was lost. */
            missing: components["schemas"]["MissingUnits"][];
            /** @description The repository's own name. */
            name: string;
            options: components["schemas"]["BuildOptions"];
            owner: string;
            /** @description The job that this one repeats. */
            parent_job_id?: string | null;
            phase: components["schemas"]["Phase"];
            /** @description Every phase that was entered, in order. */
            phases: components["schemas"]["PhaseTime"][];
            /** @description The normalised address; null for a local folder or archive. */
            repo_url?: string | null;
            /** @description One for each stage, in order. */
            stages: components["schemas"]["StageProgress"][];
            statistics: components["schemas"]["JobStatistics"];
        };
        /** @description A job is over. */
        JobCompleted: {
            /**
             * Format: uint64
             * @description By how much the workers' clocks disagree, at least; 0 where nothing shows it.
             */
            clock_skew_ms: number;
            docpack_id?: string | null;
            /**
             * Format: uint64
             * @description At least so long, where clocks disagree.
             */
            duration_ms: number;
            error?: components["schemas"]["JobError"] | null;
            missing: components["schemas"]["MissingUnits"][];
            /** @description The terminal phase; tells failed from cancelled. */
            phase: components["schemas"]["Phase"];
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description What a job took. */
        JobCost: {
            /** @description A job that gave nothing costs its owner nothing. */
            billable: boolean;
            /**
             * Format: uint64
             * @description Tokens of questions and answers.
             */
            n_tokens: number;
            prices_as_of?: string | null;
            /** @description Worker time by stage. */
            stages: {
                /** Format: uint64 */
                assemble?: number;
                /** Format: uint64 */
                embed?: number;
                /** Format: uint64 */
                generate?: number;
                /** Format: uint64 */
                ingest?: number;
                /** Format: uint64 */
                pack?: number;
            };
            /**
             * Format: uint64
             * @description Of a language model, in millionths of a US dollar.
             */
            tokens_micro_usd: number;
            /**
             * Format: uint64
             * @description What it costs in a cloud by the table of prices, in millionths of a US dollar; null without a table.
             */
            total_micro_usd?: number | null;
            /**
             * Format: uint64
             * @description Worker time of all stages.
             */
            worker_ms: number;
        };
        /** @description A job was accepted. */
        JobCreated: {
            parent?: string | null;
        };
        /** @description Why a job failed. */
        JobError: {
            /** @description Stable snake_case word. */
            code: string;
            message: string;
            stage?: components["schemas"]["StageName"] | null;
            unit?: components["schemas"]["UnitId"] | null;
        };
        /** @description What a job will take. */
        JobEstimate: {
            basis: components["schemas"]["EstimateBasis"];
            /**
             * Format: uint64
             * @description Most that it can cost.
             */
            cost_micro_usd: number;
            /** @description Of these very numbers; approving names them. Null by size, where there is nothing to approve. */
            digest?: string | null;
            /**
             * Format: uint64
             * @description How far that may be off.
             */
            error_micro_usd: number;
            /**
             * Format: uint64
             * @description What a model will cost by experience, in millionths of a US dollar.
             */
            expected_micro_usd: number;
            /**
             * Format: uint64
             * @description How long the model's answers take.
             */
            expected_ms: number;
            /** Format: uint64 */
            input_tokens: number;
            /** Format: uint64 */
            max_output_tokens: number;
            /** @description The model that would write; null where summaries are taken from the source. */
            model?: string | null;
            /** Format: uint64 */
            n_requests: number;
            /** Format: uint64 */
            n_symbols?: number | null;
            /** @description Day of the prices; null where the model has no price, or none is asked. */
            prices_as_of?: string | null;
            /**
             * Format: uint64
             * @description Bytes of source; null where the host does not tell.
             */
            source_bytes?: number | null;
        };
        /** @description Why a job failed. */
        JobFailure: {
            code: string;
            /** @description What to do about it. */
            help: string;
            /** @description Whether making the job once more may help. */
            is_retryable: boolean;
            message: string;
            stage?: components["schemas"]["StageName"] | null;
        };
        /** @description Paths of what belongs to a job; null for what cannot be asked for now. */
        JobLinks: {
            /** @description While the job waits for approval. */
            approve?: string | null;
            /** @description While the job is not over. */
            cancel?: string | null;
            /** @description Once the job has a docpack. */
            docpack?: string | null;
            download?: string | null;
            events: string;
            /** @description Once the job is over. */
            retry?: string | null;
            self: string;
        };
        /** @description A job entered a phase. */
        JobPhaseChanged: {
            from: components["schemas"]["Phase"];
            to: components["schemas"]["Phase"];
        };
        /** @description What to make a docpack of. */
        JobRequest: {
            /** @description Where to post the end of this job, signed with the account's secret for webhooks; `https` only. */
            callback_url?: string | null;
            /**
             * @description Branch, tag or commit; the default branch without it.
             * @default null
             */
            git_ref?: string | null;
            /**
             * @default {
             *       "clustering": "communities",
             *       "contexts": false,
             *       "embeddings": true,
             *       "exclude": [],
             *       "git_ref": null,
             *       "include": [],
             *       "keep_all": false,
             *       "limits": {
             *         "max_decompressed_bytes": 2147483648,
             *         "max_download_bytes": 1000000000,
             *         "max_entries": 200000,
             *         "max_file_bytes": 1000000,
             *         "max_files": 100000,
             *         "max_ratio": 200,
             *         "max_total_bytes": 100000000
             *       },
             *       "precision": "int8"
             *     }
             */
            options?: components["schemas"]["BuildOptions"];
            /** @description Address of a git repository in any of its forms, or `owner/repo[@ref]` on GitHub. */
            repo_url: string;
            /** @description What every event of the job carries as `meta.tags`; a job that is already under way keeps its own. */
            tags?: components["schemas"]["Tags"];
        };
        /** @description What ingest and embed found. */
        JobStatistics: {
            /**
             * Format: uint64
             * @description Bytes of source that were read.
             */
            bytes: number;
            /** Format: uint64 */
            chunks: number;
            /**
             * Format: uint64
             * @description Chunks with vectors so far.
             */
            chunks_embedded: number;
            /** Format: uint64 */
            files: number;
            /**
             * Format: uint64
             * @description Files of which something was not read, those with syntax errors among them; `ingest.file_partly_read.v1`
             *     names the first 500.
             */
            files_partly_read: number;
            /**
             * Format: uint64
             * @description Files of which a part could not be parsed.
             */
            files_with_errors: number;
            /** @description By language, as in `nodes.json`. */
            languages: {
                [key: string]: components["schemas"]["LanguageCounts"];
            };
            /**
             * Format: double
             * @description Worker time that one chunk took to embed, those from the cache left out.
             */
            ms_per_chunk?: number | null;
            /**
             * Format: uint64
             * @description Places that could not be parsed.
             */
            parse_errors: number;
            /** @description Files left out, by reason. */
            skipped: {
                [key: string]: number;
            };
            /** Format: uint64 */
            symbols: number;
        };
        /** @description A job in a list. */
        JobSummary: {
            /** @description The commit that is read; null until it is known, and for what has none. */
            commit_hash?: string | null;
            completed_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: uint64
             * @description What the job cost, in millionths of a US dollar; null until it is over.
             */
            cost_micro_usd?: number | null;
            created_at: components["schemas"]["Timestamp"];
            docpack_id?: string | null;
            /**
             * Format: uint64
             * @description From submission to the end; null until then.
             */
            duration_ms?: number | null;
            /** @description Why the job failed. */
            error_code?: string | null;
            /** @description The ref that was asked for beside the address; null for the one that the address names, or the default branch. */
            git_ref?: string | null;
            /** @description Whether nothing was asked for but the repository and its ref: all that the pack depends on is at its default. */
            has_default_options: boolean;
            /** @description Whether the phase is a last one. */
            is_over: boolean;
            job_id: string;
            links: components["schemas"]["JobLinks"];
            /** @description The repository's own name. */
            name: string;
            owner: string;
            phase: components["schemas"]["Phase"];
            /** @description The normalised address; null for a local folder or archive. */
            repo_url?: string | null;
        };
        Language: string;
        /** @description What became of the calls of one language. */
        LanguageCalls: {
            /** @description In the newer pack. */
            after: components["schemas"]["CallTotals"];
            /** @description In the older pack. */
            before: components["schemas"]["CallTotals"];
            /** @description Which language. */
            language: string;
        };
        /** @description What was found of one language. */
        LanguageCounts: {
            /** Format: uint64 */
            bytes: number;
            /** Format: uint64 */
            files: number;
            /** Format: uint64 */
            symbols: number;
        };
        /** @description How much source is read. */
        Limits: {
            /**
             * Format: uint64
             * @description An archive that inflates to more is refused with `archive_bomb`.
             * @default 2147483648
             */
            max_decompressed_bytes?: number;
            /**
             * Format: uint64
             * @description A longer download is refused with `repo_too_large`.
             * @default 1000000000
             */
            max_download_bytes?: number;
            /**
             * Format: uint64
             * @description A folder or an archive of more entries is refused with `too_many_files`.
             * @default 200000
             */
            max_entries?: number;
            /**
             * Format: uint64
             * @description Larger files are skipped and listed.
             * @default 1000000
             */
            max_file_bytes?: number;
            /**
             * Format: uint64
             * @description A source of more files is refused with `repo_too_large`.
             * @default 100000
             */
            max_files?: number;
            /**
             * Format: uint64
             * @description An archive that inflates to more than this many times its size is refused with `archive_bomb`.
             * @default 200
             */
            max_ratio?: number;
            /**
             * Format: uint64
             * @description A larger source is refused with `repo_too_large`.
             * @default 100000000
             */
            max_total_bytes?: number;
        };
        /** @description Lines of a file, 1-based and inclusive. */
        LineRange: {
            /**
             * Format: uint32
             * @description The last line.
             */
            end: number;
            /**
             * Format: uint32
             * @description The first line.
             */
            start: number;
        };
        /** @description A link without its token. */
        LinkSummary: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            id: string;
            revoked_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description A key that was made just now. */
        MadeKey: {
            /** @description The key itself; it is shown this once. */
            key: string;
            summary: components["schemas"]["ApiKeySummary"];
        };
        /** @description A link that was made just now. */
        MadeLink: {
            summary: components["schemas"]["LinkSummary"];
            /** @description Sent as the parameter `link` with requests for the docpack; it is shown this once. */
            token: string;
        };
        /** @description Which ends of jobs are told by e-mail. */
        MailWishesRequest: {
            on_failed: boolean;
            on_finished: boolean;
        };
        /** @description What the pack is, of what, made by which tools; the digests of everything else. */
        Manifest: {
            /** @description The pack id once more, with its algorithm. */
            checksum: components["schemas"]["Checksum"];
            /** @description The commit's time in UTC, `2024-05-01T12:00:00Z`; the epoch without a commit. */
            created_at: string;
            /** @description Over this manifest in canonical form without `docpack_id` and `checksum.value`. */
            docpack_id: components["schemas"]["Digest"];
            /** @description What made the vectors. */
            embedding_model?: components["schemas"]["EmbeddingModel"] | null;
            /** @description Every entry but this one, in archive order. */
            entries: components["schemas"]["EntryDigest"][];
            /** @description Over what every machine computes equally. */
            facts_digest: components["schemas"]["Digest"];
            /** @description What made the pack. */
            generator: components["schemas"]["Generator"];
            /** @description What was wanted and is not there, sorted. */
            missing: components["schemas"]["Missing"][];
            /** @description Which optional entries there are. */
            optional: components["schemas"]["Optional"];
            /** @description The options that shape the output, by name; an object. */
            options: unknown;
            /** @description Over what is told in sentences. */
            prose_digest: components["schemas"]["Digest"];
            /** @description The format and its version, `docpack/1.1`. */
            schema_version: string;
            /** @description Over what vectors, clusters and positions say. */
            semantics_digest: components["schemas"]["Digest"];
            /** @description What the pack is made from. */
            source: components["schemas"]["Source"];
            /** @description How much the pack holds. */
            statistics: components["schemas"]["Statistics"];
        };
        /** @description An account as its owner sees it. */
        Me: {
            account: string;
            avatar_url?: string | null;
            created_at: components["schemas"]["Timestamp"];
            limits: components["schemas"]["PlanLimits"];
            /** @description The name at GitHub when the owner last signed in. */
            login: string;
            /** @description Accounts of others that the owner may use, by the parameter `account` of a request. */
            memberships: components["schemas"]["MemberSummary"][];
            plan: string;
            private_repositories: components["schemas"]["PrivateRepositories"];
            usage: components["schemas"]["MonthUsage"];
        };
        /** @description Somebody who may use an account, or an account that somebody may use. */
        MemberSummary: {
            account: string;
            added_at: components["schemas"]["Timestamp"];
            avatar_url?: string | null;
            /** @description The name at GitHub when they last signed in. */
            login: string;
        };
        /** @description Who may use an account besides its owner. */
        Members: {
            items: components["schemas"]["MemberSummary"][];
            /**
             * Format: uint64
             * @description How many people the plan allows, the owner included.
             */
            limit: number;
        };
        /** @description A message about the end of a job. */
        MessageSummary: {
            /** @description What came of the last attempt. */
            answer?: string | null;
            /** Format: uint64 */
            attempts: number;
            /** @description `webhook`, `callback` or `mail`. */
            channel: string;
            created_at: components["schemas"]["Timestamp"];
            ended_at?: components["schemas"]["Timestamp"] | null;
            event: string;
            /** @description The header `webhook-id`, and `id` in the body. */
            event_id: string;
            id: string;
            /** @description When it is sent next; null once it is over. */
            next_at?: components["schemas"]["Timestamp"] | null;
            /** @description `waiting`, `delivered` or `failed`. */
            state: string;
            /** @description The address that it goes to. */
            target: string;
        };
        /** @description The newest messages of an account. */
        Messages: {
            items: components["schemas"]["MessageSummary"][];
        };
        /** @description Where the event comes from. */
        Meta: {
            /** @description Equal for events that tell of the same effect, whichever try had it. */
            idempotency_key: string;
            /** @description The job that this event's job repeats. */
            parent_id?: string | null;
            /** @description The version of the stage that spoke. */
            producer_version: string;
            /** @description As whoever asked for the job gave them. */
            tags: {
                [key: string]: string;
            };
            trace_id: components["schemas"]["TraceId"];
        };
        /** @description Something the request wanted and the pack lacks. */
        Missing: {
            /** @description Why, as a stable word. */
            code: string;
            /** @description The entry or feature. */
            what: string;
        };
        /** @description Optional units of one stage that were lost for one reason. */
        MissingUnits: {
            code: string;
            /** Format: uint32 */
            n_units: number;
            stage: components["schemas"]["StageName"];
        };
        /** @description What of this month is used. */
        MonthUsage: {
            /** Format: uint64 */
            jobs: number;
            /** @description When it begins again at nothing. */
            resets_at: components["schemas"]["Timestamp"];
            /**
             * Format: uint64
             * @description Jobs that are not over, whenever they began.
             */
            running_jobs: number;
        };
        /** @description A symbol in both packs. */
        MovedSymbol: {
            /** @description In the newer pack. */
            after: components["schemas"]["SymbolRef"];
            /** @description In the older pack. */
            before: components["schemas"]["SymbolRef"];
            /**
             * Format: double
             * @description How alike the two are, 0 to 1; 1 if their names and kinds agree.
             */
            similarity: number;
        };
        /** @description A symbol at the other end of an edge. */
        Neighbour: {
            /** Format: double */
            confidence: number;
            evidence: components["schemas"]["Evidence"];
            kind: components["schemas"]["EdgeKind"];
            /** @description Where the relation is written, in the file of the symbol that it leaves. */
            sites: components["schemas"]["Site"][];
            symbol: components["schemas"]["SymbolSummary"];
            /** Format: double */
            weight?: number | null;
        };
        /** @description What a new key is to be. */
        NewKeyRequest: {
            /**
             * Format: uint32
             * @description 1 to 365; without it the key works until it is revoked.
             * @default null
             */
            expires_in_days?: number | null;
            /** @description What its owner calls it: 1 to 100 characters. */
            name: string;
            /** @description At least one of `jobs:read`, `jobs:write`, `packs:read` and `packs:write`. */
            scopes: string[];
        };
        /** @description What a new link is to be. */
        NewLinkRequest: {
            /**
             * Format: uint32
             * @description 1 to 365; without it the link works until it is revoked.
             * @default null
             */
            expires_in_days?: number | null;
        };
        /** @description Somebody to add to an account. */
        NewMemberRequest: {
            /** @description The name at GitHub. */
            login: string;
        };
        /** @description An address to post events to. */
        NewWebhookRequest: {
            /**
             * @description All of them without it.
             * @default null
             */
            events?: components["schemas"]["WebhookEvent"][] | null;
            /** @description `https` only, reachable from the internet. */
            url: string;
        };
        /** @description How an account is told about its jobs. */
        Notifications: {
            /** @description The address at GitHub; null where GitHub names none. */
            email?: string | null;
            on_failed: boolean;
            on_finished: boolean;
            /** @description Whether this server sends e-mail. */
            sends_mail: boolean;
            /** @description Whether this server sends webhooks. */
            sends_webhooks: boolean;
        };
        /** @description A price at which a plan is sold. */
        Offer: {
            /**
             * Format: uint64
             * @description Null while Stripe does not say.
             */
            amount?: number | null;
            currency?: string | null;
            limits: components["schemas"]["PlanLimits"];
            /** Format: uint64 */
            n_periods: number;
            period?: string | null;
            plan: string;
            /** @description Names it in `POST /v1/me/billing/checkout`. */
            price: string;
        };
        /** @description Which optional entries there are. */
        Optional: {
            /** @description `bodies.json`; left out where there is none. */
            has_bodies?: boolean;
            /** @description `embeddings.bin` and `embeddings_index.json`. */
            has_embeddings: boolean;
            /** @description Any entry under `history/`. */
            has_history: boolean;
            /** @description `insights.json`. */
            has_insights: boolean;
            /** @description `source_index.json` and the texts under `source/`; left out where there are none. */
            has_source?: boolean;
            /** @description `symbol_contexts.json`. */
            has_symbol_contexts: boolean;
            /** @description `tour.json`; left out where there is none. */
            has_tour?: boolean;
            /** @description `vectors.bin`; left out where there is none. */
            has_vectors?: boolean;
        };
        /** @description Who says a code. */
        Origin: "api" | "source" | "job" | "docpack";
        /** @description Packing ended. */
        PackCompleted: {
            docpack_id: string;
            /** Format: uint64 */
            duration_ms: number;
            /** Format: uint64 */
            n_skipped_files: number;
            /** Format: uint64 */
            size_bytes: number;
            status: components["schemas"]["CompletionStatus"];
        };
        /** @description Packing began. */
        PackStarted: {
            /** Format: uint64 */
            n_symbols: number;
        };
        /** @description A package that is called in one version only. */
        PackageChange: {
            /**
             * Format: uint32
             * @description Calls in the newer pack; 0 if it is no longer called.
             */
            n_calls_after: number;
            /**
             * Format: uint32
             * @description Calls in the older pack; 0 if it is new.
             */
            n_calls_before: number;
            /** @description As an import names it. */
            package: string;
        };
        /** @description A part of a list, newest first. */
        PageOfDocpackSummary: {
            items: components["schemas"]["DocpackSummary"][];
            /** @description Where the next page begins; null on the last one. Opaque, also in the header `Link`. */
            next_cursor?: string | null;
        };
        /** @description A part of a list, newest first. */
        PageOfJobSummary: {
            items: components["schemas"]["JobSummary"][];
            /** @description Where the next page begins; null on the last one. Opaque, also in the header `Link`. */
            next_cursor?: string | null;
        };
        /** @description One parameter of a callable. */
        Parameter: {
            /** @description What it is where a call leaves it out, as written. */
            default?: string | null;
            /** @description As written, with its pattern or star. */
            name: string;
            /** @description As written. */
            type?: string | null;
        };
        /** @description A payment that was refunded or disputed. */
        PaymentSummary: {
            /** Format: uint64 */
            amount: number;
            /** Format: uint64 */
            amount_refunded: number;
            currency: string;
            /** @description Stripe's word, such as `needs_response` or `won`. */
            dispute?: string | null;
            paid_at: components["schemas"]["Timestamp"];
        };
        /**
         * @description Where a job stands; later ones are greater.
         * @enum {string}
         */
        Phase: "queued" | "ingest" | "embed" | "assemble" | "awaiting_approval" | "generate" | "pack" | "completed" | "partial" | "failed" | "cancelled";
        /** @description When a phase began. */
        PhaseTime: {
            at: components["schemas"]["Timestamp"];
            phase: components["schemas"]["Phase"];
        };
        /** @description What a plan allows. */
        PlanLimits: {
            /** Format: uint64 */
            api_keys: number;
            /** Format: uint64 */
            jobs_per_month: number;
            /** Format: uint64 */
            max_repository_mb: number;
            /**
             * Format: uint64
             * @description People who may use the account, its owner included.
             */
            members: number;
            /**
             * Format: uint64
             * @description Most that summaries by a language model may cost for one job, in millionths of a US dollar; 0 has none.
             */
            model_micro_usd_per_job: number;
            /**
             * Format: uint64
             * @description Jobs that are not over at the same time.
             */
            parallel_jobs: number;
            private_repositories: boolean;
        };
        /** @description One of several possible targets. */
        PossibleTarget: {
            /** Format: double */
            confidence: number;
            symbol: components["schemas"]["SymbolSummary"];
        };
        /** @description The numbers that the network computes with. */
        Precision: "fp32" | "int8";
        /** @description Whether private repositories can be built. */
        PrivateRepositories: {
            /** @description Whether the plan and the server have them. */
            allowed: boolean;
            /** @description Whether Doctown may read what the owner of the account may read at GitHub. */
            connected: boolean;
        };
        /** @description Why a request was not done; the body of every answer of status 400 and above. */
        Problem: {
            /** @description Stable snake_case word; `GET /v1/errors` lists them all. */
            code: string;
            /** @description What is wrong with this very request. */
            detail: string;
            /** @description The fields that are wrong, where it is about fields. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description What to do about it. */
            help: string;
            /** @description The path that was asked for. */
            instance: string;
            /** @description As in the header `x-request-id`. */
            request_id: string;
            /** Format: uint16 */
            status: number;
            /** @description What the code means, in a few words. */
            title: string;
            /** @description Path of the page about the code, below the website. */
            type: string;
        };
        /** @description How a language model writes summaries. Its address and key belong to the worker, not to the job. */
        ProseOptions: {
            /** @description Whether first questions go through the provider's batch endpoint: half the price, within a day. */
            batch?: boolean;
            /**
             * Format: uint64
             * @description Most that may be spent, in millionths of a US dollar; without it what the estimate says.
             */
            budget_micro_usd?: number | null;
            /** @description Whether the model is also asked the standing questions of `insights.json`, up to seven. */
            insights?: boolean;
            /** @description The first is wanted, the others stand in for it in this order. */
            models: string[];
            /** @description Whether each symbol gets a question of its own; several share one without it. */
            one_per_request?: boolean;
            /** @description Wishes for the style, given to the model as the user's own. */
            style_guide?: string | null;
            /** @description Text with named placeholders that takes the place of the product's own. */
            template?: string | null;
        };
        /** @description Words that the authors wrote, without their markup. */
        Quote: {
            /** @description A file or a document of `source_map.json`. */
            file_path: string;
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
            /** @description At most 400 characters, cut at a word. */
            text: string;
        };
        /** @description Which parts of the ranking took part. */
        Ranking: {
            /** @description Names in tiers, then BM25 over names, paths, signatures, documentation, summaries and source words. */
            lexical: boolean;
            /**
             * @description Why it did not: `identifier`, `no_embedder`, `same_model` where it made the pack's vectors, `model_missing`,
             *     `nothing_to_compare`, `embedding_failed`.
             */
            rerank_absent?: string | null;
            /** @description The embedding model compared the best hits with the query once more. */
            reranked: boolean;
            /** @description Similarity of the query's vector to the symbols'. */
            semantic: boolean;
            /**
             * @description Why the vectors took no part: `identifier`, `pack_without_vectors`, `no_embedder`, `other_model`,
             *     `model_missing`, `embedding_failed`.
             */
            semantic_absent?: string | null;
        };
        /** @description Whether the process can work. */
        Readiness: {
            checks: components["schemas"]["Check"][];
            ready: boolean;
        };
        /** @description What is built of a repository. */
        RepositoryChoice: {
            /**
             * @description The branches that are built, 1 to 20; null for the default branch, whichever that is.
             * @default null
             */
            branches?: string[] | null;
            /**
             * @description Whether pull requests get a comment, which builds their branches likewise. Null or absent leaves it as it is.
             * @default null
             */
            comments_on_pulls?: boolean | null;
            /**
             * @description Changes that a check run fails on; `[]` for none. Null or absent leaves them as they are.
             *     With any, branches with an open pull request into a built branch are built too, and each build is a job.
             * @default null
             */
            fails_on?: components["schemas"]["Gate"][] | null;
            /** @description Whether pushes are built. */
            is_building: boolean;
        };
        /** @description A repository that the GitHub App is installed on. */
        RepositorySummary: {
            /** @description The branches that are built. */
            branches: components["schemas"]["BuiltBranch"][];
            /** @description Whether pull requests get a comment. */
            comments_on_pulls: boolean;
            default_branch: string;
            /** @description When GitHub last told of the repository. */
            delivered_at?: components["schemas"]["Timestamp"] | null;
            /**
             * @description Changes that a check run fails on, compared with the docpack before or with that of a pull request's base;
             *     with none it never fails.
             */
            fails_on: components["schemas"]["Gate"][];
            /** @description Whether the default branch is built, whichever that is. */
            follows_default_branch: boolean;
            full_name: string;
            /** @description Whether commits get a check run. */
            has_check_runs: boolean;
            /** @description Whether the installation lets the App read pull requests and comment on them; until then nothing is done there. */
            has_pulls: boolean;
            /** @description Whether pushes are built. */
            is_building: boolean;
            is_private: boolean;
            /** @description Whether the installation is suspended: nothing is built until it is resumed at GitHub. */
            is_suspended: boolean;
            /** @description GitHub's number, in decimal digits. */
            repository_id: string;
        };
        Role: string;
        /** @description When a repository is built again. */
        ScheduleEvery: ("nightly" | "weekly") | "tag";
        /** @description A repository to build again by itself. */
        ScheduleRequest: {
            every: components["schemas"]["ScheduleEvery"];
            /**
             * @description A branch; the default branch without it. Not together with `tag`.
             * @default null
             */
            git_ref?: string | null;
            /** @description As a job takes it. */
            repo_url: string;
        };
        /** @description A schedule of an account. */
        ScheduleSummary: {
            created_at: components["schemas"]["Timestamp"];
            every: components["schemas"]["ScheduleEvery"];
            /** @description `null` for the default branch. */
            git_ref?: string | null;
            id: string;
            /** @description The job that was made last. */
            job?: string | null;
            last_at?: components["schemas"]["Timestamp"] | null;
            /** @description The repository's name, such as `owner/repo`. */
            name: string;
            /** @description When it is looked at next. */
            next_at: components["schemas"]["Timestamp"];
            /**
             * @description What came of it last: `submitted`, `unchanged`, `waiting` for a first new version, `no_version`, or the code of
             *     the error.
             */
            outcome?: string | null;
            repo_url: string;
            /** @description The highest version that was seen, where tags are watched. */
            seen_tag?: string | null;
        };
        /** @description The schedules of an account. */
        Schedules: {
            items: components["schemas"]["ScheduleSummary"][];
        };
        /** @description A part of what was found. */
        SearchField: ("name" | "qualified_name" | "path" | "signature" | "documentation" | "summary") | "body";
        /** @description One thing that was found. */
        SearchHit: {
            /** @description The parts that hold words of the query; empty where only the vectors are near. */
            fields: components["schemas"]["SearchField"][];
            kind: components["schemas"]["SearchKind"];
            /**
             * Format: uint32
             * @description Where a section was found: the line of its heading.
             */
            line?: number | null;
            name: string;
            /** @description Of the file that holds it, or of the folder. */
            path: string;
            /**
             * Format: double
             * @description Comparable within one tier of one answer only.
             */
            score: number;
            /**
             * Format: double
             * @description Cosine of the query's vector to the symbol's.
             */
            similarity?: number | null;
            /** @description Where a symbol was found. */
            symbol?: components["schemas"]["SymbolSummary"] | null;
            /** @description How it was found; an earlier tier always comes before a later one. */
            tier: components["schemas"]["SearchTier"];
        };
        /**
         * @description What was found.
         * @enum {string}
         */
        SearchKind: "symbol" | "file" | "folder" | "section";
        /** @description What a search finds, best first. */
        SearchResults: {
            hits: components["schemas"]["SearchHit"][];
            /**
             * Format: uint64
             * @description Symbols, files, folders and sections that match, of which `hits` are the best.
             */
            n_matches: number;
            query: string;
            ranking: components["schemas"]["Ranking"];
        };
        /** @description How it was found, the surest first. */
        SearchTier: ("exact_ignoring_case" | "prefix") | "exact" | "same_letters" | "words" | "within";
        /** @description A browser that is signed in. */
        SessionSummary: {
            /** @description What the browser calls itself. */
            agent: string;
            created_at: components["schemas"]["Timestamp"];
            expires_at: components["schemas"]["Timestamp"];
            id: string;
            /** @description Whether the request came from it. */
            is_this: boolean;
            /** @description To the hour. */
            seen_at: components["schemas"]["Timestamp"];
        };
        /** @description All sessions of an account. */
        Sessions: {
            items: components["schemas"]["SessionSummary"][];
        };
        /** @description How an account shares a docpack. */
        Sharing: {
            /** @description Whether everybody may read it, also because another account shares it. */
            is_public: boolean;
            /** @description The newest first, those that ended included. */
            links: components["schemas"]["LinkSummary"][];
            visibility: components["schemas"]["VisibilityWord"];
        };
        /** @description An exported symbol whose signature changed. */
        SignatureChange: {
            /** @description In the newer pack. */
            after: components["schemas"]["SymbolRef"];
            /** @description In the older pack. */
            before: components["schemas"]["SymbolRef"];
        };
        /** @description What messages are signed with, by the rules of Standard Webhooks. */
        SigningSecret: {
            /** @description Until when messages also carry a signature with the secret before it. */
            previous_until?: components["schemas"]["Timestamp"] | null;
            /** @description `whsec_` and 32 bytes in base64; in this answer only. */
            secret: string;
        };
        /** @description A symbol and how near its vector is. */
        Similar: {
            /**
             * Format: double
             * @description Cosine, rounded to 6 decimals.
             */
            similarity: number;
            symbol: components["schemas"]["SymbolSummary"];
        };
        /** @description Where in the source symbol's file the relation is written. */
        Site: {
            /**
             * Format: uint32
             * @description 0-based.
             */
            byte_start: number;
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
        };
        /** @description What the pack is made from. */
        Source: {
            /** @description The commit that was read; null for a folder or archive without one. */
            commit_hash?: string | null;
            /** @description The checkout had changes that are in no commit. */
            dirty: boolean;
            /** @description The branch or tag that was asked for. */
            git_ref?: string | null;
            /** @description The normalised remote; never a local path. */
            repo_url?: string | null;
            /** @description Over path, size and digest of every file read, in path order. */
            tree_digest: components["schemas"]["Digest"];
        };
        /**
         * @description One step of a build.
         * @enum {string}
         */
        StageName: "ingest" | "embed" | "assemble" | "generate" | "pack";
        /** @description How far one stage is. */
        StageProgress: {
            /**
             * @description The stage's own counts over the units that are done, such as `files` and `symbols` of ingest,
             *     `chunks` and `tokens` of embed.
             */
            counts: {
                [key: string]: number;
            };
            /** @description When the last unit was done, once all are. */
            finished_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: double
             * @description Of what the stage counts first (files, chunks, symbols), for each second since `started_at`.
             */
            rate_per_second?: number | null;
            stage: components["schemas"]["StageName"];
            /**
             * @description From when its units could be worked on; they may have waited for a worker since, which the event
             *     `…started.v1` tells.
             */
            started_at?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["StageState"];
            /** Format: uint32 */
            units_done: number;
            /**
             * Format: uint32
             * @description Null until the list of units is sealed.
             */
            units_total?: number | null;
        };
        /** @description Where a stage stands. */
        StageState: ("waiting" | "running" | "done") | "failed" | "skipped";
        /** @description How much the pack holds. */
        Statistics: {
            /**
             * Format: uint64
             * @description Chunks in `source_map.json`.
             */
            chunk_count: number;
            /**
             * Format: uint64
             * @description Clusters in `clusters.json`.
             */
            cluster_count: number;
            /**
             * Format: uint64
             * @description Edges in `graph.json`.
             */
            edge_count: number;
            /**
             * Format: uint64
             * @description Numbers per vector; 0 without embeddings.
             */
            embedding_dimensions: number;
            /**
             * Format: uint64
             * @description Files in `source_map.json`, without those skipped.
             */
            file_count: number;
            /**
             * Format: uint64
             * @description Symbols in `nodes.json`.
             */
            symbol_count: number;
        };
        /** @description An event and its place in the stream. */
        StreamedEvent: {
            /** @description Opaque; what a stream has as `id`. */
            cursor: string;
            event: components["schemas"]["Envelope"];
        };
        /** @description A job that was accepted. */
        SubmittedJob: {
            /** @description By the repository's size alone; `GET /v1/jobs/{job_id}` has a better one once the graph is there. */
            estimate: components["schemas"]["JobEstimate"];
            job: components["schemas"]["JobSummary"];
            links: components["schemas"]["JobLinks"];
        };
        /** @description A subscription. */
        SubscriptionSummary: {
            /** Format: uint64 */
            amount?: number | null;
            currency: string;
            /** @description When it ends for good, if that was decided. */
            ends_at?: components["schemas"]["Timestamp"] | null;
            /** @description Until when the plan stays although an invoice is not paid. */
            grace_until?: components["schemas"]["Timestamp"] | null;
            /** @description Whether another one can begin. */
            is_over: boolean;
            /**
             * Format: uint64
             * @description Periods between two invoices.
             */
            n_periods: number;
            /** @description `day`, `week`, `month` or `year`. */
            period: string;
            /** @description When the time that was paid for ends. */
            period_end: components["schemas"]["Timestamp"];
            /** @description Null if its price is that of no plan. */
            plan?: string | null;
            price: string;
            /** @description Stripe's word, such as `active` or `past_due`. */
            status: string;
        };
        /** @description One named thing defined in code. */
        Symbol: {
            /** @description Decorators and attributes as written, in order. */
            attributes: string[];
            /** @description Base classes, supertraits or embedded types, as written. */
            bases: string[];
            /** @description Changes with the code of the definition, and not with its place or layout. */
            body_digest?: components["schemas"]["BodyDigest"] | null;
            /** @description The whole definition. */
            byte_range: components["schemas"]["ByteRange"];
            /**
             * @description No call of the repository that is ambiguous, unresolved or made through a value could mean it.
             * @default false
             */
            callers_complete?: boolean;
            /**
             * Format: double
             * @description PageRank scaled to 0..1.
             */
            centrality: number;
            /** @description The cluster it belongs to. */
            cluster_id?: components["schemas"]["ClusterId"] | null;
            /** @description Of callables with a body. */
            complexity?: components["schemas"]["Complexity"] | null;
            /** @description Without its comment marks. */
            doc_comment?: string | null;
            /** @description A summary in one or two sentences. */
            documentation?: components["schemas"]["Documentation"] | null;
            /** @description It is reachable from outside its package or module. */
            exported: boolean;
            /** @description The file in `source_map.json`. */
            file_path: string;
            /** @description Type parameters and lifetimes, as written. */
            generics: string[];
            /** @description Derived from language, path, qualified name, kind, signature and ordinal. */
            id: components["schemas"]["SymbolId"];
            /** @description For an impl block: the trait or interface as written. */
            implements?: string | null;
            /**
             * Format: uint32
             * @description Edges that lead to it.
             */
            in_degree: number;
            /** @description What it is. */
            kind: components["schemas"]["SymbolKind"];
            /** @description What it is written in. */
            language: components["schemas"]["Language"];
            /** @description The lines of the whole definition. */
            line_range: components["schemas"]["LineRange"];
            /** @description `async`, `const`, `static` and the like, sorted. */
            modifiers: string[];
            /** @description As written. */
            name: string;
            /**
             * Format: uint32
             * @description Edges that leave it.
             */
            out_degree: number;
            /** @description In order. */
            parameters: components["schemas"]["Parameter"][];
            /** @description The symbol that holds it. */
            parent?: components["schemas"]["SymbolId"] | null;
            /** @description Through the scopes that hold it, in the language's own notation. */
            qualified_name: string;
            /** @description As written. */
            return_type?: string | null;
            /** @description What it is for; left out in packs before 1.1. */
            role?: components["schemas"]["Role"] | null;
            /** @description Why it has its role; left out where its file says the same. */
            role_reason?: string | null;
            /** @description Its head without the body, in normal spacing. */
            signature: string;
            /** @description Who may see it. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @description Symbols that came, went, moved or were rewritten. */
        SymbolChanges: {
            /** @description Only in the newer pack. */
            added: components["schemas"]["SymbolRef"][];
            /** @description In both under different names or in different files; what moved with the symbol around it is left out. */
            moved: components["schemas"]["MovedSymbol"][];
            /** @description Only in the older pack. */
            removed: components["schemas"]["SymbolRef"][];
            /** @description In both with another body; packs before 1.1 do not record bodies, so they have none. */
            rewritten: components["schemas"]["MovedSymbol"][];
        };
        /** @description A symbol and how it stands to others; each list is cut at `limit`, the surest and most central first. */
        SymbolDetail: {
            /** @description What it refers to without it being sure to what. */
            ambiguous: components["schemas"]["AmbiguousCall"][];
            /** @description Symbols that it calls. */
            callees: components["schemas"]["Neighbour"][];
            /** @description Symbols that call it. */
            callers: components["schemas"]["Neighbour"][];
            cluster?: components["schemas"]["ClusterName"] | null;
            /** @description All other relations that lead to it. */
            incoming: components["schemas"]["Neighbour"][];
            /** @description Whether a list was cut. */
            is_cut: boolean;
            /** @description Symbols that it holds. */
            members: components["schemas"]["SymbolSummary"][];
            /** @description All other relations that leave it. */
            outgoing: components["schemas"]["Neighbour"][];
            /** @description Symbols of like meaning, in either direction. */
            related: components["schemas"]["Neighbour"][];
            /** @description Symbols whose vectors are nearest; empty without vectors. */
            similar: components["schemas"]["Similar"][];
            /** @description Address of its lines at the commit, where the host is known. */
            source_url?: string | null;
            symbol: components["schemas"]["Symbol"];
            /** @description What it refers to outside the repository, or nowhere. */
            unresolved: components["schemas"]["Unresolved"][];
        };
        SymbolId: string;
        SymbolKind: string;
        /** @description A symbol as it is shown. */
        SymbolRef: {
            /** @description From the root of the repository. */
            file_path: string;
            /** @description Its id in its pack. */
            id: string;
            /** @description What it is. */
            kind: string;
            /** @description What it is written in. */
            language: string;
            /**
             * Format: uint32
             * @description 1-based.
             */
            line: number;
            /** @description Through the scopes that hold it. */
            qualified_name: string;
            /** @description Its head without the body. */
            signature: string;
        };
        /** @description A symbol in a list. */
        SymbolSummary: {
            /** Format: double */
            centrality: number;
            cluster_id?: string | null;
            file_path: string;
            id: string;
            kind: components["schemas"]["SymbolKind"];
            language: components["schemas"]["Language"];
            line_range: components["schemas"]["LineRange"];
            name: string;
            qualified_name: string;
            signature: string;
            summary?: string | null;
        };
        /** @description Names and values that change nothing of a docpack; at most 16. */
        Tags: {
            [key: string]: string;
        };
        /** @description A moment, in milliseconds since 1970-01-01T00:00:00Z. */
        Timestamp: string;
        /** @description Ties together everything that happens for one job; 32 hex digits, as W3C trace context has it. */
        TraceId: string;
        /** @description Names one unit of a stage; a unit of a fan-out is named by the digest of its input. */
        UnitId: string;
        /** @description A try gave no sign of life for longer than its lease: its worker was killed, or cut off. */
        UnitTryLost: {
            last_seen_at: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description The unit is given up once so many were lost or failed.
             */
            max_tries: number;
            /**
             * Format: uint32
             * @description Tries of the unit so far that count, this one included.
             */
            n_tries: number;
            stage: components["schemas"]["StageName"];
            /** Format: uint32 */
            try_number: number;
            unit: string;
        };
        /** @description References of one name from one symbol that lead to no symbol of the pack. */
        Unresolved: {
            /** @description 1-based, sorted. */
            lines: number[];
            /** @description The name as written. */
            name: string;
            /** @description The package or built-in namespace that an import names. */
            package?: string | null;
            /** @description `external`, `dynamic` or `unknown`. */
            reason: string;
            /** @description The symbol that refers. */
            source: components["schemas"]["SymbolId"];
        };
        /** @description A call to no known symbol of the repository. */
        UnresolvedCall: {
            /** @description The caller. */
            from: components["schemas"]["SymbolRef"];
            /**
             * Format: uint32
             * @description 1-based, of the first call.
             */
            line: number;
            /** @description The name as written. */
            name: string;
            /** @description `dynamic` or `unknown`. */
            reason: string;
        };
        /** @description How numbers of vectors are written. */
        VectorFormat: "int8" | "f32";
        /** @description Whether users of the code must change theirs. */
        Verdict: "breaking" | "unknown" | "compatible";
        /** @description Why a change has its verdict. */
        VerdictReason: {
            /** @description A stable word for programs. */
            code: string;
            /** @description For people; names of code are between backticks. */
            text: string;
            /** @description Of this reason alone. */
            verdict: components["schemas"]["Verdict"];
        };
        Visibility: string;
        /** @description Who is to be able to read a docpack. */
        VisibilityRequest: {
            visibility: components["schemas"]["VisibilityWord"];
        };
        /** @description Who may read a docpack. */
        VisibilityWord: "private" | "unlisted" | "public";
        /** @description What a webhook can be told. */
        WebhookEvent: ("job.failed" | "job.cancelled") | "job.completed";
        /** @description A webhook of an account. */
        WebhookSummary: {
            created_at: components["schemas"]["Timestamp"];
            events: components["schemas"]["WebhookEvent"][];
            /** @description When the address answered 410, and is told nothing more. */
            gone_at?: components["schemas"]["Timestamp"] | null;
            id: string;
            url: string;
        };
        /** @description The webhooks of an account. */
        Webhooks: {
            /** @description Whether there is a secret that messages are signed with. */
            has_secret: boolean;
            items: components["schemas"]["WebhookSummary"][];
        };
        /** @description A repository to withdraw. */
        WithdrawalRequest: {
            /** @description In any form of its address. */
            repo_url: string;
        };
        /** @description A repository whose docpacks nobody is shown. */
        WithdrawalSummary: {
            /** @description In lower case. */
            repo_url: string;
            withdrawn_at: components["schemas"]["Timestamp"];
        };
        /** @description The repositories that an account withdrew, the newest first. */
        Withdrawals: {
            items: components["schemas"]["WithdrawalSummary"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_liveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenMetrics text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": unknown;
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot; `checks` says why. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    list_commons: {
        parameters: {
            query?: {
                /** @description The order: the newest first, by name, or those with most symbols first. */
                sort?: "newest" | "name" | "symbols";
                /** @description Only repositories of this person or organisation. */
                owner?: string;
                /** @description Where the page begins: the `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items of the page. */
                limit?: number;
                /** @description Only of this repository, in any form of its address. */
                repo_url?: string;
                /** @description Only repositories whose name contains this. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of docpacks. */
            200: {
                headers: {
                    /** @description The next page as `<PATH>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfDocpackSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_cursor`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_device: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceRequest"];
            };
        };
        responses: {
            /** @description The codes, which are in this answer only. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCodes"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`, `too_many_devices`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    poll_device: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceTokenRequest"];
            };
        };
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`, `authorization_pending`, `slow_down`, `access_denied`, `device_code_expired`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_keys`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_device: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The code that the program shows; upper or lower case, with or without the dash. */
                user_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The program, and what it asks for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_device_code`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_device: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The code that the program shows; upper or lower case, with or without the dash. */
                user_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The program gets its key when it asks next. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_device_code`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_keys`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deny_device: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The code that the program shows; upper or lower case, with or without the dash. */
                user_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The program gets no key. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_device_code`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_docpacks: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items of the page. */
                limit?: number;
                /** @description Only of this repository, in any form of its address. */
                repo_url?: string;
                /** @description Only docpacks that hold all that was asked for, or only others. */
                status?: "completed" | "partial";
                /** @description Only repositories whose name contains this. */
                name?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of docpacks. */
            200: {
                headers: {
                    /** @description The next page as `<PATH>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfDocpackSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_cursor`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_docpack: {
        parameters: {
            query?: {
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The docpack. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Docpack"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_docpack: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is off the list. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_such_docpack`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_docpack: {
        parameters: {
            query: {
                /** @description The question, in words or with names of symbols. */
                q: string;
                /** @description Most items. */
                limit?: number;
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The evidence. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `docpack_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diff_docpacks: {
        parameters: {
            query?: {
                /** @description Most items of each list. */
                limit?: number;
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
                /** @description The docpack's id; `sha256:` may be left out. */
                other_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Difference"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `docpack_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_docpack: {
        parameters: {
            query?: {
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: {
                /** @description ETags that the client has. */
                "If-None-Match"?: string;
                /** @description One range, such as `bytes=0-1023`. */
                Range?: string;
                /** @description The ETag that the range is of. */
                "If-Range"?: string;
            };
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive. */
            200: {
                headers: {
                    /** @description `immutable` for what never changes. */
                    "Cache-Control"?: string;
                    /** @description Strong; names the bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docpack": unknown;
                };
            };
            /** @description A part of the archive. */
            206: {
                headers: {
                    /** @description `immutable` for what never changes. */
                    "Cache-Control"?: string;
                    /** @description Strong; names the bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docpack": unknown;
                };
            };
            /** @description The client has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Where the server is set to leave downloads to the store: a presigned address. */
            307: {
                headers: {
                    /** @description Strong; names the bytes. */
                    ETag?: string;
                    /** @description Good for ten minutes. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `range_not_satisfiable`. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`, `docpack_damaged`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_entry: {
        parameters: {
            query?: {
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: {
                /** @description ETags that the client has. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
                /** @description The entry's path, such as `nodes.json` or `history/commits.json`. */
                entry_path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry, if it is JSON. */
            200: {
                headers: {
                    /** @description `immutable` for what never changes. */
                    "Cache-Control"?: string;
                    /** @description Strong; names the bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/octet-stream": unknown;
                };
            };
            /** @description The client has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_entry`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `too_many_entries_sent`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_link: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewLinkRequest"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeLink"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_such_docpack`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `docpack_private`, `too_many_links`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_link: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The link's id. */
                link_id: string;
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_link`, `no_such_account`, `no_such_docpack`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_preview: {
        parameters: {
            query?: {
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: {
                /** @description ETags that the client has. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    /** @description `immutable` for what never changes. */
                    "Cache-Control"?: string;
                    /** @description Strong; names the bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                };
            };
            /** @description The client has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_docpack: {
        parameters: {
            query: {
                /** @description What to look for. */
                q: string;
                /** @description Only these kinds, such as `function,method`. */
                kind?: string;
                /** @description Only these languages. */
                language?: string;
                /** @description Only files whose path begins so, or matches this glob. */
                path?: string;
                /** @description Only these clusters, by id. */
                cluster?: string;
                /** @description Most hits. */
                limit?: number;
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResults"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `docpack_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sharing: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its visibility and links. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sharing"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_such_docpack`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_visibility: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisibilityRequest"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sharing"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_such_docpack`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_symbol: {
        parameters: {
            query?: {
                /** @description Most symbols of each list. */
                limit?: number;
                /** @description The token of a link that somebody shared. */
                link?: string;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The docpack's id; `sha256:` may be left out. */
                docpack_id: string;
                /** @description The symbol's id. */
                symbol_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The symbol. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SymbolDetail"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_docpack`, `no_such_symbol`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `docpack_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_errors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorCodes"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receive_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description HMAC-SHA256 of the body, `sha256=` and 64 hex digits. */
                "X-Hub-Signature-256"?: string;
                /** @description Names the delivery; the same when it is sent again. */
                "X-GitHub-Delivery"?: string;
                /** @description What happened. */
                "X-GitHub-Event"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Nothing follows from it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_signature`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`, `no_github_app`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `delivery_reused`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`, `too_many_deliveries`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description Where the page begins: the `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items of the page. */
                limit?: number;
                /** @description Only of this repository, in any form of its address. */
                repo_url?: string;
                /** @description Only jobs in this phase. */
                phase?: "queued" | "ingest" | "embed" | "assemble" | "awaiting_approval" | "generate" | "pack" | "completed" | "partial" | "failed" | "cancelled";
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    /** @description The next page as `<PATH>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageOfJobSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_cursor`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_job: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: {
                /** @description Names this very request for 24 hours: sent again, it has the same job; with another body it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description The job was accepted and will not be lost. */
            202: {
                headers: {
                    /** @description Path of the job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedJob"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`, `invalid_idempotency_key`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `quota_exceeded`, `private_not_in_plan`, `model_not_in_plan`, `repository_exceeds_plan`. */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `repository_access_required`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `repo_not_found`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`, `idempotency_key_reused`, `no_embedder`, `model_not_configured`, `repo_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`, `too_many_jobs`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `upstream_unavailable`. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`, `too_many_lookups`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `lookup_timeout`. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The job's id, as `POST /v1/jobs` returned it. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_job`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_job: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The job's id, as `POST /v1/jobs` returned it. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApproveRequest"];
            };
        };
        responses: {
            /** @description The job goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_job`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `not_awaiting_approval`, `other_estimate`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_job: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The job's id, as `POST /v1/jobs` returned it. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is over. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_job`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `job_shared`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job_events: {
        parameters: {
            query?: {
                /** @description Only what follows this cursor. */
                after?: string;
                /** @description Most events of the page; a stream has no limit. */
                limit?: number;
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: {
                /** @description As `after`, and wins over it. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The job's id, as `POST /v1/jobs` returned it. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                    "text/event-stream": string;
                };
            };
            /** @description A stream that begins after the last event: there is nothing to reconnect for. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_cursor`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_job`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `too_many_streams`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_job: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description The job's id, as `POST /v1/jobs` returned it. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new job. */
            202: {
                headers: {
                    /** @description Path of the new job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedJob"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `quota_exceeded`. */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_job`, `no_such_account`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `job_not_over`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`, `no_embedder`, `model_not_configured`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_billing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan, subscriptions, invoices and offers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Billing"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`, `no_billing`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_checkout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckoutRequest"];
            };
        };
        responses: {
            /** @description The page on which to pay. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingPage"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`, `no_billing`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `already_subscribed`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`, `billing_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_portal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page at Stripe. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingPage"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`, `no_billing`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `not_a_customer`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`, `billing_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeys"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyRequest"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_keys`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_this_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeySummary"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `key_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_this_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer works. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `key_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id, as the list has it. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer works. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_key`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members, in the order in which they were added. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_member: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMemberRequest"];
            };
        };
        responses: {
            /** @description The member. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_person`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_members`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member's own account, as the list has it. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They no longer see what is the account's. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_member`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account that the caller is a member of. */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller is no longer a member. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_member`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Messages"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resend_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message's id, as the list has it. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent in a moment. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_message`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The choice. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailWishesRequest"];
            };
        };
        responses: {
            /** @description The choice. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `mail_off`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_repositories: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The repositories, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstalledRepositories"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_account`, `no_accounts`, `no_github_app`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    choose_branches: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description GitHub's number of the repository, as the list has it. */
                repository_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepositoryChoice"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepositorySummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_repository`, `no_such_account`, `no_accounts`, `no_github_app`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rebuild_repository: {
        parameters: {
            query?: {
                /** @description The account that the request is about: one that the caller is a member of. Their own without it. */
                account?: string;
            };
            header?: never;
            path: {
                /** @description GitHub's number of the repository, as the list has it. */
                repository_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its branches are looked at now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `missing_scope`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_repository`, `no_such_account`, `no_accounts`, `no_github_app`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_schedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedules, by repository and branch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_schedules`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`, `repo_too_large`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule's id, as the list has it. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing more is built by it; jobs that run go on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_schedule`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id, as the list has it. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_session`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningSecret"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `webhooks_off`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks, the oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhooks"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSummary"];
                };
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `too_many_webhooks`, `webhooks_off`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook's id, as the list has it. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is told nothing more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_webhook`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook's id, as the list has it. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent in a moment; the list of messages shows what came of it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_webhook`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_sign_in: {
        parameters: {
            query?: {
                /** @description Path of this website to come back to; the first page without it, and for anything else. */
                return_to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The browser goes to GitHub. */
            303: {
                headers: {
                    /** @description Where people sign in. */
                    Location?: string;
                    /** @description Ties the way back to this browser. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_sign_in: {
        parameters: {
            query?: {
                /** @description GitHub's word for who it was. */
                code?: string;
                /** @description As it was sent to GitHub. */
                state?: string;
                /** @description Why GitHub sends nobody. */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Somebody is signed in; or nobody is, and the page says why. */
            303: {
                headers: {
                    /** @description The page that was asked for, or `/login?error=CODE`. */
                    Location?: string;
                    /** @description The session. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    /** @description Takes the cookie away. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_stripe_event: {
        parameters: {
            query?: never;
            header: {
                /** @description Time and signatures. */
                "Stripe-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description It is kept. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_signature`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`, `no_billing`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_withdrawals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The withdrawn repositories. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawals"];
                };
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_repository: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawalRequest"];
            };
        };
        responses: {
            /** @description It is withdrawn. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`, `invalid_request`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `not_repository_owner`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `body_too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `unsupported_media_type`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_field`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `upstream_unavailable`. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reinstate_repository: {
        parameters: {
            query: {
                /** @description Only of this repository, in any form of its address. */
                repo_url: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its docpacks are shown as before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused: `invalid_parameter`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `invalid_credentials`, `sign_in_required`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `origin_not_allowed`, `session_required`, `owner_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `no_such_withdrawal`, `no_accounts`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `request_timeout`. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `misdirected_request`. */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `rate_limit_exceeded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `internal`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `store_unavailable`, `shutting_down`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
