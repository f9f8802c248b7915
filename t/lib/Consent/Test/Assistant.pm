package Consent::Test::Assistant;

# A portal with an assistant behind nginx, for the scripts of t/clients/.
#
#   my $t = assistant();
#   node($t, 't/clients/openai.mjs', UPSTREAM => $t->port(1));

use strict;
use warnings;

use Exporter qw(import);

use Consent::Test ();

our @EXPORT = qw(assistant);


sub assistant {
    my $t = Consent::Test->new;

    $t->keys;

    # what a chat is asked is no matter of these tests
    $t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

    $t->write('html/page.html', '<!doctype html><html lang="sv"><title>Chatt</title><main><h1>Chatt</h1></main>');

    $t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / {
            proxy_pass http://127.0.0.1:%%PORT_1%%;
            proxy_http_version 1.1;
            consent_ai on model=m provider=Modellbolaget;
        }

        location = /page.html { root %%DIR%%/html; consent_ai chat; types { text/html html; } }
        location = /favicon.ico { return 204; }
        location /.privacy/ { consent_pages; }
    }
EOT

    return $t;
}


1;
