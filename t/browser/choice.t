# The choice, made in a browser with a real nginx behind: saved, seen, changed,
# withdrawn, forgotten; in another language; with a policy that is replaced
# while the form is open; with script and without.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ headers => ['Content-Type' => 'text/plain'], body => 'hello' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /blanketter/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

# The policy is not that of the first round any more when the second begins.

for my $script (0, 1) {
    browser($t, 'choice.mjs', SCRIPT => $script, VERSION => "2027-0$script-01",
        POLICY => $t->path('policy.json'), NGINX => $t->pid);
}

done_testing;
