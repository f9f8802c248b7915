# The browser's harness: what fails in the page fails here.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;

my $t = Consent::Test->new;

$t->write('html/good.html', '<!doctype html><html lang="sv"><title>Bra</title>'
    . '<main><h1>Bra</h1><p>Hej</main>');
$t->write('html/bad.html', '<!doctype html><html><title></title>'
    . '<p style="color:#999;background:#aaa">Hej<img src="/good.html">'
    . '<script>throw new Error("thrown")</script>');

$t->run(<<'EOF');
    server {
        listen 127.0.0.1:%%PORT_0%%;
        add_header Content-Security-Policy "default-src 'none'; script-src 'unsafe-inline'";
        types { text/html html; }
    }
EOF

browser($t, 'harness.mjs', WORD => 'hej å');

# the same against a page full of faults, in a test that has to fail

$t->write('faulty.t', "use lib '$Consent::Test::ROOT/t/lib';" . <<'EOF');
use Consent::Test;
use Consent::Test::Browser;
my $t = Consent::Test->new;
$t->{ports}{0} = $ENV{PORT_OF_NGINX};
browser($t, 'harness.mjs', PAGE => '/bad.html', WORD => 'hej å');
browser($t, $t->write('broken.mjs', 'throw new Error("broken")'));
done_testing;
EOF

local $ENV{PORT_OF_NGINX} = $t->port(0);
my ($status, $out) = $t->command($^X, $t->path('faulty.t'));
utf8::decode($out);

isnt($status, 0, 'control: a page with faults fails the test');
like($out, qr/^not ok \d+ - title/m, 'for what differs');
like($out, qr/^not ok \d+ - page: axe finds nothing/m, 'for what axe finds');
like($out, qr/image-alt/, 'which is named');
like($out, qr/^not ok \d+ - no page reported an error/m,
    'for what the page throws');
like($out, qr/thrown/, 'which is named too');
like($out, qr/^not ok \d+ - .*broken\.mjs ran/m, 'a script that breaks');
unlike($out, qr/^not ok \d+ - no script/m, 'and for nothing else');

done_testing;
