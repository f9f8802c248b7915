# Over TLS the cookie is one that no other host can set and no plain connection
# carries; a page of http is not of our origin.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

my ($status, $said) = $t->command('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-keyout', $t->path('tls.key'), '-out', $t->path('tls.crt'));
is($status, 0, 'a certificate') or diag $said;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%% ssl http2;
        ssl_certificate %%DIR%%/tls.crt;
        ssl_certificate_key %%DIR%%/tls.key;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $base = 'https://localhost:' . $t->port(0);
my $json = qq({"policy_version":"$policy->{version}","level":"forms","scope":"standing"});

sub curl {
    my (@args) = @_;

    my ($status, $said) = $t->command('curl', '-sik', '--resolve', 'localhost:' . $t->port(0) . ':127.0.0.1',
        '-b', $t->path('jar'), '-c', $t->path('jar'), @args);

    return $said;
}

sub put {
    return curl('-X', 'PUT', '-H', 'Content-Type: application/json', '-d', $json, @_,
        "$base/.privacy/api/v1/state");
}

like(put('-H', 'Origin: http://localhost:' . $t->port(0)), qr{^HTTP/\S+ 403 }, 'a page of http is not ours');

my $r = put('-H', "Origin: $base");
like($r, qr{^HTTP/2 200}, 'a decision over HTTP/2');
like($r, qr{^set-cookie: __Host-consent=[\w.-]+; Path=/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax\r$}mi,
    'its cookie');

my ($value) = $r =~ /__Host-consent=([\w.-]+)/;

like(curl("$base/.privacy/api/v1/state"), qr{"level":"forms"}, 'it is in force');
like(curl('--http1.1', "$base/.privacy/api/v1/state"), qr{"level":"forms"}, 'whatever the version of HTTP');

unlink $t->path('jar');
like(curl('-H', "Cookie: consent=$value", "$base/.privacy/api/v1/state"), qr{"status":"none"},
    'the name of plain connections is no cookie of ours');
like(curl('-H', "Cookie: __Host-consent=$value; __Host-consent=$value", "$base/.privacy/api/v1/state"),
    qr{"status":"none"}, 'nor are two of them');

# forgetting takes the same cookie away

my $page = curl('-H', "Cookie: __Host-consent=$value", "$base/.privacy/");
my ($token) = $page =~ m{action="/\.privacy/forget">\s*<input type="hidden" name="token" value="([^"]+)"};
$r = curl('-H', "Cookie: __Host-consent=$value", '-d', "token=$token", "$base/.privacy/forget");
like($r, qr{^set-cookie: __Host-consent=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax\r$}mi, 'forgotten');

done_testing();
