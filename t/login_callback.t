# Logging in must work before anybody has decided anything: the identity provider's
# answer, a form that a browser posts from another site, passes untouched where the
# operator has said so, and nowhere else.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ status => 302, headers => ['Location', '/mina-sidor', 'Set-Cookie', 'JSESSIONID=abc; Path=/; HttpOnly',
    'Set-Cookie', 'pnr=198001011234; Path=/'], body => '' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }

        # assertion consumer service (SAML), redirection endpoint (OIDC, response_mode=form_post)
        location = /saml/acs { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location = /oidc/callback { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /.privacy/ { consent_pages; }
    }
EOF

my @from = ('Origin', 'https://idp.example', 'Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate',
    'Referer', 'https://idp.example/');

my $saml = 'SAMLResponse=' . 'PHNhbWxwOlJlc3BvbnNl' x 300 . '%3D%3D&RelayState=%2Fform%3Fpnr%3D198001011234';
my $oidc = 'code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&id_token=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxOTgwMDEwMTEyMzQifQ.';

for my $row (['/saml/acs', $saml], ['/oidc/callback', $oidc]) {
    my ($path, $body) = @$row;

    my $r = $t->request('POST', "$path?pnr=1", body => $body, cookie => 'login=1; pnr=2',
        headers => ['Content-Type', 'application/x-www-form-urlencoded', @from]);

    is($r->status, 302, "$path is answered");
    is($r->header('Location'), '/mina-sidor', 'by the portal');
    is(join("\n", $r->header('Set-Cookie')), "JSESSIONID=abc; Path=/; HttpOnly\npnr=198001011234; Path=/", 'with its session');

    my $got = $up->last;
    is($got->body, $body, 'the form arrived byte for byte');
    is($got->uri, "$path?pnr=1", 'at its URI');
    is($got->header('Cookie'), 'login=1; pnr=2', 'with its cookies');
    is($got->header('Origin'), 'https://idp.example', 'and headers');
}

is($t->request('POST', '/saml/acs/', body => $saml, headers => ['Accept', 'application/json', @from])->status, 415,
    'nowhere else');
is($t->request('POST', '/saml/acs', body => $saml, headers => [@from])->status, 302, 'and there without any cookie of ours');

done_testing();
